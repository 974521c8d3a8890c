using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>What a store knows from one <c>OpenAsync</c> to the next: filters, and what it read when it opened.</summary>
internal sealed class StoreSession(Lsn checkpoint, ulong? lastSlot)
{
    /// <summary>Part of every deduplication token, so that a range that was removed and is stored again is not taken for one that is there.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    public Lsn Checkpoint { get; set; } = checkpoint;

    public SightingFilter Filter { get; } = new();

    public RecentRows Recent { get; } = new(lastSlot);

    /// <summary>Opportunities whose transaction is not stored yet: LSN and slot by the transaction's signature.</summary>
    public Dictionary<Signature, List<(ulong Lsn, ulong Slot)>> Unresolved { get; } = [];

    public ulong Transactions { get; set; }

    public ulong Opportunities { get; set; }

    public ulong ObservedOpportunities { get; set; }
}
