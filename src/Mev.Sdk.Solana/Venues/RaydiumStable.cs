using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Raydium stable AMM.</summary>
/// <remarks>
/// The layout of Raydium AMM v4 without target orders, on a curve for pegged tokens; seen in a real transaction: token program, pool, authority, open orders, vault, vault.
/// </remarks>
internal static class RaydiumStable
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.RaydiumStable,
        [Pubkey.Parse("5quBtoiQqxF9Jv6KYKctB59NT3gtJD2Y65kdnB1Uev3h")],
        SwapReading.Vaults,
        [
            ByteSwap(9, 1, 4, 5, MinimumOut.Second),
            ByteSwap(11, 1, 4, 5, MinimumOut.Second),
        ]);
}
