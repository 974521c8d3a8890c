using System.Net;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>Options of an engine's publishing side.</summary>
public sealed class EnginePublisherOptions
{
    /// <summary>Where to listen; port 0 takes a free one. Default loopback, port 0. The stream has no authentication: bind to loopback or a private network.</summary>
    public IPEndPoint ListenEndpoint { get; set; } = new(IPAddress.Loopback, 0);

    /// <summary>The engine's name, said in its hello; at most 512 bytes of UTF-8. Default "engine".</summary>
    public string EngineName { get; set; } = "engine";

    /// <summary>What the stream carries. Default: records of the real chain.</summary>
    public StreamFlags Flags { get; set; } = StreamFlags.None;

    /// <summary>Memory for records that can be replayed, bytes. Default 64 MiB; 64 KiB to 16 GiB.</summary>
    public long RetentionBytes { get; set; } = 64 << 20;

    /// <summary>What happens when the retention is full. Default: wait for connected subscribers.</summary>
    public FullRetention WhenFull { get; set; } = FullRetention.WaitForSubscriber;

    /// <summary>Interval of heartbeats while there is nothing to send. Default 1 s; 10 ms to 60 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for a subscriber's first message, and for its end after a goodbye. Default 5 s; over 0.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Subscribers at a time; one more is told goodbye. Default 16; at least 1.</summary>
    public int MaxSubscribers { get; set; } = 16;

    /// <summary>The share of the retention that one frame may take: with less, waiting subscribers could hold all of it and nothing would move.</summary>
    internal const int FramesPerRetention = 8;

    internal void ThrowIfInvalid()
    {
        var errors = new List<string>();
        if (ListenEndpoint is null)
        {
            errors.Add("ListenEndpoint is missing; give an address and a port.");
        }

        if (string.IsNullOrWhiteSpace(EngineName))
        {
            errors.Add("EngineName is empty; give the engine a name.");
        }

        if (RetentionBytes is < 64 << 10 or > 16L << 30)
        {
            errors.Add($"RetentionBytes is {RetentionBytes}; give bytes between 65536 and 17179869184.");
        }

        if (HeartbeatInterval < TimeSpan.FromMilliseconds(10) || HeartbeatInterval > TimeSpan.FromSeconds(60))
        {
            errors.Add($"HeartbeatInterval is {HeartbeatInterval}; give 10 ms to 60 s.");
        }

        if (HandshakeTimeout <= TimeSpan.Zero)
        {
            errors.Add($"HandshakeTimeout is {HandshakeTimeout}; give a time over 0.");
        }

        if (MaxSubscribers < 1)
        {
            errors.Add($"MaxSubscribers is {MaxSubscribers}; give at least 1.");
        }

        OptionErrors.ThrowIfAny(errors, "options");
    }
}
