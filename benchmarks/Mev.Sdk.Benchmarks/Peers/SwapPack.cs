using MemoryPack;
using Mev.Sdk.Records;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>Our swap as a MemoryPack type: the same fields, keys as the structs that MemoryPack copies at once.</summary>
/// <remarks>A class, because a MemoryPack struct could never be given another field, which our group entries can.</remarks>
[MemoryPackable]
internal sealed partial class SwapPack
{
    public Pubkey Program;

    public Pubkey Pool;

    public Pubkey Trader;

    public Pubkey MintIn;

    public Pubkey MintOut;

    public ulong AmountIn;

    public ulong AmountOut;

    public ulong MinimumAmountOut;

    public ulong ReserveInBefore;

    public ulong ReserveOutBefore;

    public ushort OuterInstruction;

    public ushort InnerInstruction;

    public VenueId Venue;

    public SwapFlags Flags;

    public byte DecimalsIn;

    public byte DecimalsOut;

    public static SwapPack From(in SwapEntry swap) => new()
    {
        Program = swap.Program,
        Pool = swap.Pool,
        Trader = swap.Trader,
        MintIn = swap.MintIn,
        MintOut = swap.MintOut,
        AmountIn = swap.AmountIn,
        AmountOut = swap.AmountOut,
        MinimumAmountOut = swap.MinimumAmountOut,
        ReserveInBefore = swap.ReserveInBefore,
        ReserveOutBefore = swap.ReserveOutBefore,
        OuterInstruction = swap.OuterInstruction,
        InnerInstruction = swap.InnerInstruction,
        Venue = swap.Venue,
        Flags = swap.Flags,
        DecimalsIn = swap.DecimalsIn,
        DecimalsOut = swap.DecimalsOut,
    };
}
