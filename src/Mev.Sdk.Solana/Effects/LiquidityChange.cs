using Mev.Sdk.Records;

namespace Mev.Sdk.Solana.Effects;

/// <summary>Liquidity that an owner added to a pool or took out of it.</summary>
/// <remarks>Amounts are what moved between the owner and the pool below the instruction: the first two mints, in the order they moved.</remarks>
public struct LiquidityChange
{
    /// <summary>The program.</summary>
    public Pubkey Program;

    /// <summary>The pool; zero = the instruction does not name it.</summary>
    public Pubkey Pool;

    /// <summary>Whose tokens went in or who got them; zero = nothing moved.</summary>
    public Pubkey Provider;

    /// <summary>One token; zero = nothing moved.</summary>
    public Pubkey MintA;

    /// <summary>The other token; zero = only one moved.</summary>
    public Pubkey MintB;

    /// <summary>How much of <see cref="MintA"/>, base units.</summary>
    public ulong AmountA;

    /// <summary>How much of <see cref="MintB"/>, base units.</summary>
    public ulong AmountB;

    /// <summary>Outer instruction it happened in, from 0.</summary>
    public ushort OuterInstruction;

    /// <summary>Inner instruction within the outer one, from 0; 65,535 = it was the outer instruction itself.</summary>
    public ushort InnerInstruction;

    /// <summary>The venue.</summary>
    public VenueId Venue;

    /// <summary>What happened.</summary>
    public LiquidityAction Action;

    /// <summary>Decimals of <see cref="MintA"/>.</summary>
    public byte DecimalsA;

    /// <summary>Decimals of <see cref="MintB"/>.</summary>
    public byte DecimalsB;
}
