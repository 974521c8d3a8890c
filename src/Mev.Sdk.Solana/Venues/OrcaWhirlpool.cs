using Mev.Sdk.Records;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Orca Whirlpool.</summary>
/// <remarks>
/// Source: <c>whirlpools</c>, <c>swap</c>, <c>swap_v2</c>, <c>two_hop_swap</c>, <c>two_hop_swap_v2</c>. Arguments: amount u64, threshold u64, then for one hop a
/// price limit u128 and "amount is input", for two hops "amount is input" at once.
/// </remarks>
internal static class OrcaWhirlpool
{
    private const ulong Swap = 0xf8c69e91e17587c8;
    private const ulong SwapV2 = 0x2b04ed0b1ac91e62;
    private const ulong TwoHopSwap = 0xc360ed6c44a2dbe6;
    private const ulong TwoHopSwapV2 = 0xba8fd11dfe02c275;
    private const int OneHopFlag = 32;
    private const int TwoHopFlag = 16;

    /// <summary>Recognises an instruction.</summary>
    /// <returns>How many swaps it executes: 0, 1 or 2.</returns>
    public static int Recognise(ReadOnlySpan<byte> data, out SwapShape first, out SwapShape second)
    {
        second = default;
        switch (Anchor.DiscriminatorOf(data))
        {
            case Swap:
                first = Shape(2, 4, 6, Minimum(data, OneHopFlag));
                return 1;
            case SwapV2:
                first = Shape(4, 8, 10, Minimum(data, OneHopFlag));
                return 1;
            case TwoHopSwap:
                first = Shape(2, 5, 7, 0);
                second = Shape(3, 9, 11, Minimum(data, TwoHopFlag));
                return 2;
            case TwoHopSwapV2:
                first = Shape(0, 9, 10, 0);
                second = Shape(1, 11, 12, Minimum(data, TwoHopFlag));
                return 2;
            default:
                first = default;
                return 0;
        }
    }

    private static SwapShape Shape(int pool, int vaultA, int vaultB, ulong minimum) => new(VenueId.OrcaWhirlpool, pool, vaultA, vaultB, minimum);

    private static ulong Minimum(ReadOnlySpan<byte> data, int flag) => Anchor.Argument(data, Anchor.Flag(data, flag) ? 8 : 0);
}
