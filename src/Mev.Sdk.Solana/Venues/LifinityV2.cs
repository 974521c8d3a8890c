using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Lifinity, version 2.</summary>
/// <remarks>
/// Source: <c>lifinity_amm</c>'s IDL: authority, pool, user, user's in, user's out, vault in, vault out; amount in u64, minimum out u64.
/// </remarks>
internal static class LifinityV2
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.LifinityV2,
        [Pubkey.Parse("2wT8Yq49kHgDzXuPxZSaeLaH1qbmGXtEyPy64bL7aD3c")],
        SwapReading.Vaults,
        [
            Swap(0xf8c69e91e17587c8, 1, 5, 6, MinimumOut.Second), // swap
        ]);
}
