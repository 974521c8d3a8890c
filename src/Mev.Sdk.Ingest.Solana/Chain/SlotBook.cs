using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>What was delivered of the newest slots: the difference between a replay and a duplicate. Bounded; not thread-safe.</summary>
/// <param name="window">Slots below the newest block that are remembered.</param>
internal sealed class SlotBook(int window)
{
    private const int MaxOpen = 4096;

    // More than a year of slots: a number beyond is a mistake of whoever sent it, and would make everything else look old.
    public const ulong MaxAhead = 100_000_000;

    private readonly SortedDictionary<ulong, SlotState> _slots = [];

    /// <summary>The highest slot whose block was delivered; 0 before the first.</summary>
    public ulong NewestBlock { get; private set; }

    /// <summary>The newest slot known to be final; 0 = none.</summary>
    public ulong Root { get; set; }

    /// <summary>Slots below are no longer remembered.</summary>
    public ulong Floor { get; private set; }

    public IEnumerable<SlotState> Slots => _slots.Values;

    public SlotState? Find(ulong slot) => _slots.GetValueOrDefault(slot);

    /// <summary>The slot's state; null when it is too old to be remembered, or absurdly new.</summary>
    public SlotState? Get(ulong slot)
    {
        if (_slots.TryGetValue(slot, out var state))
        {
            return state;
        }

        if (slot < Floor || (NewestBlock != 0 && slot > NewestBlock + MaxAhead))
        {
            return null;
        }

        return _slots[slot] = new SlotState(slot);
    }

    /// <summary>Notes a transaction; false = delivered before, or of a slot too old to tell.</summary>
    public bool AddTransaction(ulong slot, UInt128 key)
    {
        if (Get(slot) is not { } state || !state.Add(key))
        {
            return false;
        }

        state.Transactions++;
        return true;
    }

    /// <summary>Notes an account's write; false = delivered before, or of a slot too old to tell.</summary>
    public bool AddAccount(ulong slot, UInt128 key) => Get(slot) is { } state && state.Add(key);

    /// <summary>Notes a block; false = delivered before, or of a slot too old to tell.</summary>
    public bool AddBlock(in BlockRecord block)
    {
        if (Get(block.Slot) is not { } state || state.HasBlock)
        {
            return false;
        }

        state.HasBlock = true;
        state.Parent = block.ParentSlot;
        state.Stage = Later(state.Stage, block.Stage);
        NewestBlock = Math.Max(NewestBlock, block.Slot);
        Trim();
        return true;
    }

    /// <summary>The lowest remembered slot from which something is missing, or the one behind the newest block.</summary>
    public ulong ResumeSlot
    {
        get
        {
            foreach (var state in _slots.Values)
            {
                if (state.Slot > Root && state is { HasBlock: false, IsOpen: false, Count: > 0 } && state.Stage != SightingStage.Forked)
                {
                    return Math.Min(state.Slot, NewestBlock + 1);
                }
            }

            return NewestBlock == 0 ? 0 : NewestBlock + 1;
        }
    }

    public static SightingStage Later(SightingStage known, SightingStage stage) => stage > known ? stage : known;

    private void Trim()
    {
        var floor = NewestBlock > (ulong)window ? NewestBlock - (ulong)window : 0;
        if (floor <= Floor)
        {
            return;
        }

        Floor = floor;
        List<ulong>? old = null;
        var open = 0;
        foreach (var (slot, state) in _slots)
        {
            if (slot >= floor)
            {
                break;
            }

            if (!state.IsOpen || ++open > MaxOpen)
            {
                (old ??= []).Add(slot);
            }
        }

        foreach (var slot in old ?? [])
        {
            _slots.Remove(slot);
        }
    }
}
