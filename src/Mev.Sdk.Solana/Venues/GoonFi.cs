using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>GoonFi.</summary>
/// <remarks>
/// No published source. Positions as seen in real transactions: user, pool, user's, user's, vault, vault. Arguments behind the variant: side u8, amount in u64, minimum out u64.
/// </remarks>
internal static class GoonFi
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.GoonFi,
        [Pubkey.Parse("goonuddtQRrWqqn5nFyczVKaie28f3kDkHWkHtURSLE")],
        SwapReading.Vaults,
        [
            ByteSwap(1, 1, 4, 5, new MinimumOut(9)),
        ]);
}
