using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>What a publisher and its subscribers share; every member is used under <see cref="Gate"/>.</summary>
internal sealed class PublisherState(long retentionBytes, EngineDesk control)
{
    public Lock Gate { get; } = new();

    /// <summary>Takes what hosts send besides acks; has a lock of its own, so not under the gate.</summary>
    public EngineDesk Control { get; } = control;

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
