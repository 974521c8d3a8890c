namespace Mev.Sdk.Simulation.Encoding;

/// <summary>An account of a transaction in the making.</summary>
internal struct DraftAccount
{
    public Pubkey Key;

    public AccountKind Kind;

    public bool Writable;

    /// <summary>Its entry in the lookup table, or -1 when it must be a static key.</summary>
    public short TableIndex;

    /// <summary>Wallet or pool.</summary>
    public int Owner;

    /// <summary>Mint of a token account or vault, 0 = wrapped SOL.</summary>
    public int Mint;

    /// <summary>Its index in the finished transaction.</summary>
    public byte FinalIndex;

    public ulong LamportsBefore;

    public ulong TokensBefore;
}
