namespace Mev.Sdk.Solana.Effects;

/// <summary>A debt that somebody repaid for its owner to get the collateral.</summary>
/// <remarks>Amounts are what moved below the instruction; programs that only move balances in their own books (perpetuals) show none.</remarks>
public struct Liquidation
{
    /// <summary>The lending program.</summary>
    public Pubkey Program;

    /// <summary>Who liquidated.</summary>
    public Pubkey Liquidator;

    /// <summary>The account with the debt: an obligation, a margin account, a position; zero = the layout is not known.</summary>
    public Pubkey Obligation;

    /// <summary>What was repaid; zero = nothing moved.</summary>
    public Pubkey RepaidMint;

    /// <summary>What was seized; zero = nothing moved.</summary>
    public Pubkey SeizedMint;

    /// <summary>Repaid, base units of <see cref="RepaidMint"/>.</summary>
    public ulong Repaid;

    /// <summary>Seized, base units of <see cref="SeizedMint"/>.</summary>
    public ulong Seized;

    /// <summary>Outer instruction it happened in, from 0.</summary>
    public ushort OuterInstruction;

    /// <summary>Inner instruction within the outer one, from 0; 65,535 = it was the outer instruction itself.</summary>
    public ushort InnerInstruction;
}
