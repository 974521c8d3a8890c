using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>Options of one engine stream over TCP. Configuration shape: <c>Mev:Ingest:Sources:N:*</c>.</summary>
public sealed class TcpSourceOptions
{
    /// <summary>The source's name, unique on this host: its CRC-32C identifies the stream in the journal, so keep it. Default "engine".</summary>
    public string Name { get; set; } = "engine";

    /// <summary>Where the engine listens: <c>tcp://HOST:PORT</c>, HOST a name, an IPv4 address or an IPv6 address in brackets. Required.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Longest wait for a connection, and again for the engine's hello. Default 5 s; over 0.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Heartbeat intervals (the engine names their length) that may pass in silence before the connection is given up. Default 3; 2 to 100.</summary>
    public int HeartbeatTolerance { get; set; } = 3;

    /// <summary>Wait before the first try to reconnect; it doubles with each failure, with jitter of up to a half. Default 100 ms; over 0.</summary>
    public TimeSpan ReconnectInitialDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest wait between tries to reconnect. Default 10 s; not under <see cref="ReconnectInitialDelay"/>.</summary>
    public TimeSpan ReconnectMaxDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After the engine said that everything was sent: true tries again every <see cref="ReconnectMaxDelay"/>, in case a new session begins;
    /// false ends the source. Default true.
    /// </summary>
    public bool ReconnectAfterEnd { get; set; } = true;

    /// <summary>Longest frame accepted, bytes. Default 8 MiB; 1 KiB to 1 GiB.</summary>
    public int MaxFrameBytes { get; set; } = WireFormat.DefaultMaxFrameBytes;

    /// <summary>Received bytes that may wait for the sequencer before the socket is no longer read. Default 1 MiB; 4 KiB to 1 GiB. A longer frame passes all the same.</summary>
    public int PipeHighWaterBytes { get; set; } = 1 << 20;

    /// <summary>
    /// True accepts simulated streams only, false real ones only, null both. Default null. A stream of the other kind is refused with a
    /// goodbye, and the source keeps asking every <see cref="ReconnectMaxDelay"/>.
    /// </summary>
    public bool? ExpectSimulated { get; set; }

    internal void Validate(string key, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            errors.Add($"{key}:Name is empty; give the source a name and keep it, since the journal knows the stream by it.");
        }

        if (!TcpEndpoint.TryParse(Endpoint, out _, out var problem))
        {
            errors.Add($"{key}:Endpoint {problem}");
        }

        Positive(ConnectTimeout, $"{key}:ConnectTimeout", errors);
        Positive(ReconnectInitialDelay, $"{key}:ReconnectInitialDelay", errors);
        Positive(ReconnectMaxDelay, $"{key}:ReconnectMaxDelay", errors);
        if (ReconnectMaxDelay < ReconnectInitialDelay)
        {
            errors.Add($"{key}:ReconnectMaxDelay is {ReconnectMaxDelay}, under ReconnectInitialDelay of {ReconnectInitialDelay}; raise it.");
        }

        Between(HeartbeatTolerance, 2, 100, $"{key}:HeartbeatTolerance", "intervals", errors);
        Between(MaxFrameBytes, 1 << 10, 1 << 30, $"{key}:MaxFrameBytes", "bytes", errors);
        Between(PipeHighWaterBytes, 4 << 10, 1 << 30, $"{key}:PipeHighWaterBytes", "bytes", errors);
    }

    private static void Positive(TimeSpan value, string key, List<string> errors)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
        {
            errors.Add($"{key} is {value}; give a time over 0 and at most a day, as in 00:00:05.");
        }
    }

    private static void Between(int value, int min, int max, string key, string unit, List<string> errors)
    {
        if (value < min || value > max)
        {
            errors.Add($"{key} is {value}; give {unit} between {min} and {max}.");
        }
    }
}
