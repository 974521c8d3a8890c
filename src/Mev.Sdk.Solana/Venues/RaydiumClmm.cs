using Mev.Sdk.Records;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Raydium concentrated liquidity.</summary>
/// <remarks>
/// Source: <c>raydium-clmm</c>, <c>swap</c> and <c>swap_v2</c>: payer, fee configuration, pool, user's in, user's out, vault in, vault out. Account 1 is the
/// configuration that many pools share, not the pool. Arguments: amount u64, threshold u64, price limit u128, amount is input.
/// </remarks>
internal static class RaydiumClmm
{
    private const ulong Swap = 0xf8c69e91e17587c8;
    private const ulong SwapV2 = 0x2b04ed0b1ac91e62;

    public static bool TryRecognise(ReadOnlySpan<byte> data, out SwapShape shape)
    {
        var exactInput = Anchor.Flag(data, 32);
        shape = new SwapShape(VenueId.RaydiumClmm, Pool: 2, VaultA: 5, VaultB: 6, Anchor.Argument(data, exactInput ? 8 : 0));
        return Anchor.DiscriminatorOf(data) is Swap or SwapV2;
    }
}
