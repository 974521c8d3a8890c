namespace Mev.Sdk.Solana.Internal;

/// <summary>Sums that stop at the largest number: hostile bytes can claim any amounts.</summary>
internal static class Saturating
{
    public static ulong Add(ulong one, ulong other) => other > ulong.MaxValue - one ? ulong.MaxValue : one + other;
}
