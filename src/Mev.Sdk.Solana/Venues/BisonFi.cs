using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>BisonFi.</summary>
/// <remarks>
/// No published source. Positions as seen in real transactions: user, pool, vault, vault, user's, user's. Arguments behind the variant: amount in u64, minimum out u64, side u8.
/// </remarks>
internal static class BisonFi
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.BisonFi,
        [Pubkey.Parse("BiSoNHVpsVZW2F7rx2eQ59yQwKxzU5NvBcmKshCSUypi")],
        SwapReading.Vaults,
        [
            ByteSwap(2, 1, 2, 3, MinimumOut.Second),
            ByteSwap(7, 1, 2, 3, MinimumOut.Second),
        ]);
}
