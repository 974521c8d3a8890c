using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>DefiTuna Fusion AMM.</summary>
/// <remarks>
/// Published IDL <c>fusionamm</c>; seen in real transactions: three programs, user, pool, mint, mint, user's a, user's b, vault a, vault b. Arguments as Orca Whirlpool's.
/// </remarks>
internal static class DefiTunaFusion
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.DefiTunaFusion,
        [Pubkey.Parse("fUSioN9YKKSa3CUC2YUc4tPkHJ5Y6XW1yz8y6F7qWz9")],
        SwapReading.Vaults,
        [
            Swap(0xf8c69e91e17587c8, 4, 9, 10, MinimumOut.WithPriceLimit), // swap
        ]);
}
