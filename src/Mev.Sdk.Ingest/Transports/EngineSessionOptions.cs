using Mev.Sdk.Ingest.Session;
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

    /// <summary>Longest frame accepted, bytes. Default 8 MiB; 1 KiB to 64 MiB, which is the longest that a journal takes.</summary>
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

    /// <summary>
    /// The key shared with the engine, in base64, at least 16 bytes; <c>openssl rand -base64 32</c> makes one. Each side proves to the other that it
    /// has the key, and an engine that asks for no proof is refused. Default none. Never logged.
    /// </summary>
    public string? Key { get; set; }

    /// <summary>The same key as bytes, for code. Default none.</summary>
    public ReadOnlyMemory<byte> KeyBytes { get; set; }

    /// <summary>A file that holds the key in base64, read once when the source is made. Default none.</summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// How often the host tells the engine that it is there; the answers show the round trip and the offset of the engine's clock. Default 2 s; 10 ms
    /// to 60 s, or 0 for never. An engine gives a host up that it has not heard of for three of them.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an engine may leave a request for missing records without any answer before they are given up. Default 5 s; 100 ms to 1 h.</summary>
    public TimeSpan ReplayTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a begun frame may stay incomplete before the connection is given up: a length that was damaged on the way would otherwise swallow a quiet
    /// stream until as many bytes have come. Default 10 s; 100 ms to 1 h.
    /// </summary>
    public TimeSpan FrameTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether a key is named; one that is blank is an error, and never "no key".</summary>
    internal bool HasKey => !KeyBytes.IsEmpty || Key is not null || KeyFile is not null;

    /// <summary>Where these options stand in configuration, for messages; made by code alone, they are named by their class.</summary>
    internal string Section { get => field ?? GetType().Name; set; }

    internal virtual void Validate(string key, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            errors.Add($"{key}:Name is empty; give the source a name and keep it, since the journal knows the stream by it.");
        }

        Between(HeartbeatTolerance, 2, 100, $"{key}:HeartbeatTolerance", "intervals", errors);
        Between(MaxFrameBytes, 1 << 10, 64 << 20, $"{key}:MaxFrameBytes", "bytes", errors);
        Between(PipeHighWaterBytes, 4 << 10, 1 << 30, $"{key}:PipeHighWaterBytes", "bytes", errors);
        _ = ReadKey(key, errors);
        if (HeartbeatInterval != TimeSpan.Zero && (HeartbeatInterval < TimeSpan.FromMilliseconds(10) || HeartbeatInterval > TimeSpan.FromSeconds(60)))
        {
            errors.Add($"{key}:HeartbeatInterval is {HeartbeatInterval}; give 10 ms to 60 s, as in 00:00:01, or 0 for never.");
        }

        if (ReplayTimeout < TimeSpan.FromMilliseconds(100) || ReplayTimeout > TimeSpan.FromHours(1))
        {
            errors.Add($"{key}:ReplayTimeout is {ReplayTimeout}; give 100 ms to 1 h, as in 00:00:05.");
        }

        if (FrameTimeout < TimeSpan.FromMilliseconds(100) || FrameTimeout > TimeSpan.FromHours(1))
        {
            errors.Add($"{key}:FrameTimeout is {FrameTimeout}; give 100 ms to 1 h, as in 00:00:10.");
        }
    }

    internal SessionKey? ReadKey(string key, List<string> errors) => SessionKey.Read(KeyBytes, Key, KeyFile, $"{key}:Key", errors);

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
