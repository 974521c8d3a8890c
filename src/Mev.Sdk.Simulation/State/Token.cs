namespace Mev.Sdk.Simulation.State;

/// <summary>A token, what it is worth, and where it trades.</summary>
internal sealed class Token(int index, Pubkey mint, Pubkey lookupTable, byte decimals, ulong value)
{
    /// <summary>Position in <see cref="MarketState.Tokens"/>.</summary>
    public int Index { get; } = index;

    /// <summary>Its index in the ledger; 0 is wrapped SOL.</summary>
    public int MintIndex => Index + 1;

    public Pubkey Mint { get; } = mint;

    /// <summary>The address lookup table that searchers keep for its pools.</summary>
    public Pubkey LookupTable { get; } = lookupTable;

    public byte Decimals { get; } = decimals;

    /// <summary>What traders think a base unit is worth at first, lamports times 2^32.</summary>
    public ulong InitialValue { get; } = value;

    /// <summary>What they think now, lamports times 2^32.</summary>
    public ulong Value { get; set; } = value;

    /// <summary>The market's price some twenty slots ago, exponentially averaged, lamports times 2^32.</summary>
    public ulong SlowPrice { get; set; } = value;

    /// <summary>Profit of the best arbitrage left open after the last swap, lamports.</summary>
    public ulong OpenProfit { get; set; }

    /// <summary>Its pools, one a venue.</summary>
    public Pool[] Pools { get; set; } = [];
}
