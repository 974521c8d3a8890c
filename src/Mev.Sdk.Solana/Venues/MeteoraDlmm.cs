using Mev.Sdk.Records;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Meteora DLMM.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>lb_clmm</c>): pool, bitmap extension, reserve x, reserve y, ... in all six swap instructions. Arguments:
/// amount in and minimum out, or maximum in and amount out; a price-impact swap states no minimum.
/// </remarks>
internal static class MeteoraDlmm
{
    private const ulong Swap = 0xf8c69e91e17587c8;
    private const ulong Swap2 = 0x414b3f4ceb5b5b88;
    private const ulong SwapExactOut = 0xfa49652126cf4bb8;
    private const ulong SwapExactOut2 = 0x2bd7f784893cf351;
    private const ulong SwapWithPriceImpact = 0x38ade6d0ade49ccd;
    private const ulong SwapWithPriceImpact2 = 0x4a62c0d6b1334b33;

    public static bool TryRecognise(ReadOnlySpan<byte> data, out SwapShape shape)
    {
        var discriminator = Anchor.DiscriminatorOf(data);
        var minimum = discriminator is SwapWithPriceImpact or SwapWithPriceImpact2 ? 0 : Anchor.Argument(data, 8);
        shape = new SwapShape(VenueId.MeteoraDlmm, Pool: 0, VaultA: 2, VaultB: 3, minimum);
        return discriminator is Swap or Swap2 or SwapExactOut or SwapExactOut2 or SwapWithPriceImpact or SwapWithPriceImpact2;
    }
}
