using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Publishing.Endpoints;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports.Tls;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>Options of an engine's publishing side.</summary>
public sealed class EnginePublisherOptions
{
    /// <summary>
    /// Where hosts meet this engine, several at a time. It listens on <c>tcp://ADDRESS:PORT</c> and <c>tls://ADDRESS:PORT</c> (an address of
    /// this machine, <c>0.0.0.0</c>, <c>[::]</c> or <c>localhost</c>; port 0 takes a free one) and on <c>unix:///PATH</c>; it dials
    /// <c>ws://HOST/PATH</c> and <c>wss://HOST/PATH</c>, where a host takes engines in. Default: none named, which means
    /// <c>tcp://127.0.0.1:0</c>.
    /// </summary>
    public IList<string> Endpoints { get; } = [];

    /// <summary>Certificates of <c>tls://</c> endpoints. Default: none.</summary>
    public TlsServerOptions Tls { get; set; } = new();

    /// <summary>What is believed of the hosts of <c>wss://</c> endpoints. Default: certificates that the system trusts.</summary>
    public TlsClientOptions DialTls { get; set; } = new();

    /// <summary>Who may open the files of <c>unix://</c> endpoints. Default 0600: only the engine's own user. Without meaning on Windows.</summary>
    public UnixFileMode UnixSocketMode { get; set; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The engine's name, said in its hello; at most 512 bytes of UTF-8. Default "engine".</summary>
    public string EngineName { get; set; } = "engine";

    /// <summary>
    /// Keys of which a host must prove one before it is served, at least 16 bytes each; several, so that they can be exchanged one host at a time. Default
    /// none: anyone who can connect is served, so listen on loopback, or use TLS with client certificates.
    /// </summary>
    public IList<ReadOnlyMemory<byte>> Keys { get; } = [];

    /// <summary>What the stream carries. Default: records of the real chain.</summary>
    public StreamFlags Flags { get; set; } = StreamFlags.None;

    /// <summary>Memory for records that can be replayed, bytes. Default 64 MiB; 64 KiB to 16 GiB.</summary>
    public long RetentionBytes { get; set; } = 64 << 20;

    /// <summary>What happens when the retention is full. Default: wait for connected subscribers.</summary>
    public WhenFull WhenFull { get; set; } = WhenFull.Wait;

    /// <summary>Interval of heartbeats while there is nothing to send. Default 1 s; 10 ms to 60 s.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for a subscriber's first message, and for its end after a goodbye. Default 5 s; over 0.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Longest wait between tries to reach a host that is dialed; the first comes after 100 ms at most, and the wait doubles. Default 10 s; 1 ms
    /// to 1 h.
    /// </summary>
    public TimeSpan DialMaxDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a subscriber's connection may accept no byte before the subscriber is dropped, so that one that hangs cannot hold the engine
    /// for ever; TCP connections are also given up when what was sent stays without an answer for as long. Default 30 s; 1 s to 1 h.
    /// </summary>
    public TimeSpan SubscriberTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a subscriber that acknowledges may hold the engine up, with <see cref="WhenFull.Wait"/> and a full retention, without acknowledging
    /// anything more before it is dropped: heartbeats alone must not hold the engine for ever. Default 60 s; 1 s to 1 h.
    /// </summary>
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Subscribers at a time; one more is told goodbye. Default 16; at least 1. Connections that have not subscribed yet do not count: 64 may be at it, and
    /// the oldest of them gives way.
    /// </summary>
    public int MaxSubscribers { get; set; } = 16;

    /// <summary>Applies parameter updates; null says in the hello that the engine takes none. Default null.</summary>
    public ParameterUpdateHandler? OnParameterUpdate { get; set; }

    /// <summary>Takes scores of opportunities; null says in the hello that the engine takes none. Default null.</summary>
    public OpportunityScoresHandler? OnScores { get; set; }

    /// <summary>
    /// Revision in force of each strategy's parameters, for an engine that keeps parameters across restarts; a strategy that is missing has
    /// those it started with, revision 0. Default empty.
    /// </summary>
    public IDictionary<ushort, ulong> ParameterRevisions { get; } = new Dictionary<ushort, ulong>();

    /// <summary>Answers to parameter updates that are remembered, to be given again when a host asks again. Default 4,096 updates; 16 to 1,048,576.</summary>
    public int RememberedUpdates { get; set; } = 4_096;

    /// <summary>The share of the retention that one frame may take: with less, waiting subscribers could hold all of it and nothing would move.</summary>
    internal const int FramesPerRetention = 8;

    internal void ThrowIfInvalid()
    {
        var errors = new List<string>();
        PublisherEndpoints.Validate(this, errors);
        if (string.IsNullOrWhiteSpace(EngineName))
        {
            errors.Add("EngineName is empty; give the engine a name.");
        }

        for (var i = 0; i < Keys.Count; i++)
        {
            if (Keys[i].Length < SessionKey.MinBytes)
            {
                errors.Add($"Keys[{i}] has {Keys[i].Length} bytes; a key has at least {SessionKey.MinBytes}.");
            }
        }

        if (Flags.HasFlag(StreamFlags.Authenticated) && Keys.Count == 0)
        {
            errors.Add("Flags has Authenticated, but Keys is empty; give a key, the flag follows from it.");
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

        if (DialMaxDelay < TimeSpan.FromMilliseconds(1) || DialMaxDelay > TimeSpan.FromHours(1))
        {
            errors.Add($"DialMaxDelay is {DialMaxDelay}; give 1 ms to 1 h.");
        }

        if (SubscriberTimeout < TimeSpan.FromSeconds(1) || SubscriberTimeout > TimeSpan.FromHours(1))
        {
            errors.Add($"SubscriberTimeout is {SubscriberTimeout}; give 1 s to 1 h.");
        }

        if (AckTimeout < TimeSpan.FromSeconds(1) || AckTimeout > TimeSpan.FromHours(1))
        {
            errors.Add($"AckTimeout is {AckTimeout}; give 1 s to 1 h.");
        }

        if (MaxSubscribers < 1)
        {
            errors.Add($"MaxSubscribers is {MaxSubscribers}; give at least 1.");
        }

        if (RememberedUpdates is < 16 or > 1 << 20)
        {
            errors.Add($"RememberedUpdates is {RememberedUpdates}; give updates between 16 and 1048576.");
        }

        OptionErrors.ThrowIfAny(errors, "options");
    }
}
