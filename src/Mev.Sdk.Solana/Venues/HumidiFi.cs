using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>HumidiFi.</summary>
/// <remarks>
/// No published source, and its data is scrambled, discriminator included. Positions as seen in real transactions: user, pool, vault, vault, user's, user's.
/// </remarks>
internal static class HumidiFi
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.HumidiFi,
        [Pubkey.Parse("9H6tua7jkLhdm3w8BvgpTn5LZNU7g4ZynDmCiNN3q6Rp")],
        SwapReading.Vaults,
        [
            new(InstructionRole.Swap, 0, 0, 1, 2, 3, MinimumOut.NotStated, MinAccounts: 9),
        ]);
}
