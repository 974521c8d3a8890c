using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>What was delivered of one slot.</summary>
internal sealed class SlotState(ulong slot)
{
    private readonly HashSet<UInt128> _keys = [];

    public ulong Slot { get; } = slot;

    /// <summary>0 = unknown.</summary>
    public ulong Parent { get; set; }

    /// <summary>The furthest stage that was told, by a record of its own or by the stage of the slot's records.</summary>
    public SightingStage Stage { get; set; }

    /// <summary>The block's record was delivered: it closes its slot.</summary>
    public bool HasBlock { get; set; }

    /// <summary>Something of it is missing and may yet come.</summary>
    public bool IsOpen { get; set; }

    /// <summary>That its block is missing is written down.</summary>
    public bool IsMissing { get; set; }

    /// <summary>Whether its block was delivered, or its absence was.</summary>
    public bool IsAccountedFor => HasBlock || IsMissing;

    /// <summary>Transactions and account writes delivered.</summary>
    public int Count => _keys.Count;

    /// <summary>Transactions delivered.</summary>
    public int Transactions { get; set; }

    public bool Add(UInt128 key) => _keys.Add(key);

    public bool Contains(UInt128 key) => _keys.Contains(key);
}
