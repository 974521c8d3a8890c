using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>What a publisher and its subscribers share; every member is used under <see cref="Gate"/>.</summary>
internal sealed class PublisherState(long retentionBytes)
{
    public Lock Gate { get; } = new();

    public RetentionRing Ring { get; } = new(retentionBytes);

    /// <summary>Connected peers, subscribed or not yet.</summary>
    public HashSet<Subscriber> Subscribers { get; } = [];

    /// <summary>There is something to send.</summary>
    public AsyncPulse Changed { get; } = new();

    /// <summary>A subscriber advanced, came or left.</summary>
    public AsyncPulse Moved { get; } = new();

    /// <summary>The goodbye to send behind the last record; null while the stream goes on.</summary>
    public (GoodbyeCode Code, string Reason)? Goodbye { get; set; }

    public bool IsDisposed { get; set; }
}
