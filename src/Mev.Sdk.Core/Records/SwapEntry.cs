using System.Runtime.InteropServices;

namespace Mev.Sdk.Records;

/// <summary>One swap that a transaction executed: a leg on one pool, never an aggregator's whole route.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct SwapEntry
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 224;

    /// <summary>The program that executed the swap.</summary>
    public Pubkey Program;

    /// <summary>The pool, market or bonding curve; zero = unknown.</summary>
    public Pubkey Pool;

    /// <summary>Whose tokens were swapped: the authority of the transfer in.</summary>
    public Pubkey Trader;

    /// <summary>Mint of what the trader gave; wrapped SOL's mint for native SOL.</summary>
    public Pubkey MintIn;

    /// <summary>Mint of what the trader got.</summary>
    public Pubkey MintOut;

    /// <summary>What the trader gave, base units of <see cref="MintIn"/>.</summary>
    public ulong AmountIn;

    /// <summary>What the trader got, base units of <see cref="MintOut"/>.</summary>
    public ulong AmountOut;

    /// <summary>The least the trader would have accepted, base units of <see cref="MintOut"/>; 0 = not stated by the instruction.</summary>
    public ulong MinimumAmountOut;

    /// <summary>The pool's balance of <see cref="MintIn"/> before the transaction, base units; 0 = unknown.</summary>
    public ulong ReserveInBefore;

    /// <summary>The pool's balance of <see cref="MintOut"/> before the transaction, base units; 0 = unknown.</summary>
    public ulong ReserveOutBefore;

    /// <summary>Outer instruction it happened in, from 0.</summary>
    public ushort OuterInstruction;

    /// <summary>Inner instruction within the outer one, from 0; 65,535 = it was the outer instruction itself.</summary>
    public ushort InnerInstruction;

    /// <summary>Known venue, or <see cref="VenueId.Unknown"/>.</summary>
    public VenueId Venue;

    /// <summary>Properties; see <see cref="SwapFlags"/>.</summary>
    public SwapFlags Flags;

    /// <summary>Decimals of <see cref="MintIn"/>.</summary>
    public byte DecimalsIn;

    /// <summary>Decimals of <see cref="MintOut"/>.</summary>
    public byte DecimalsOut;

    /// <summary>Reserved; 0.</summary>
    public ushort Reserved1;

    /// <summary>Reserved; 0.</summary>
    public uint Reserved2;

    /// <summary>Reserved; 0.</summary>
    public ulong Reserved3;
}
