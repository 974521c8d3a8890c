using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>Options of the sessions with one engine, whichever side made the connection.</summary>
public abstract class EngineSessionOptions
{
    private protected EngineSessionOptions()
    {
    }

    /// <summary>The source's name, unique on this host: its CRC-32C identifies the stream in the journal, so keep it. Default "engine".</summary>
    public string Name { get; set; } = "engine";

    /// <summary>Heartbeat intervals (the engine names their length) that may pass in silence before the connection is given up. Default 3; 2 to 100.</summary>
    public int HeartbeatTolerance { get; set; } = 3;

    /// <summary>Longest frame accepted, bytes. Default 8 MiB; 1 KiB to 1 GiB.</summary>
    public int MaxFrameBytes { get; set; } = WireFormat.DefaultMaxFrameBytes;

    /// <summary>
    /// Received bytes that may wait for the sequencer before the connection is no longer read. Default 1 MiB; 4 KiB to 1 GiB. A longer frame
    /// passes all the same.
    /// </summary>
    public int PipeHighWaterBytes { get; set; } = 1 << 20;

    /// <summary>
    /// True accepts simulated streams only, false real ones only, null both. Default null. A stream of the other kind is refused with a
    /// goodbye.
    /// </summary>
    public bool? ExpectSimulated { get; set; }

    internal virtual bool HasKey => false;

    internal virtual void Validate(string key, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            errors.Add($"{key}:Name is empty; give the source a name and keep it, since the journal knows the stream by it.");
        }

        Between(HeartbeatTolerance, 2, 100, $"{key}:HeartbeatTolerance", "intervals", errors);
        Between(MaxFrameBytes, 1 << 10, 1 << 30, $"{key}:MaxFrameBytes", "bytes", errors);
        Between(PipeHighWaterBytes, 4 << 10, 1 << 30, $"{key}:PipeHighWaterBytes", "bytes", errors);
    }

    private protected static void Positive(TimeSpan value, string key, List<string> errors)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
        {
            errors.Add($"{key} is {value}; give a time over 0 and at most a day, as in 00:00:05.");
        }
    }

    private protected static void Between(int value, int min, int max, string key, string unit, List<string> errors)
    {
        if (value < min || value > max)
        {
            errors.Add($"{key} is {value}; give {unit} between {min} and {max}.");
        }
    }
}
