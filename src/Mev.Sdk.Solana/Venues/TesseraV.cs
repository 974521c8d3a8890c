using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Tessera V.</summary>
/// <remarks>
/// No published source. Positions as seen in real transactions: state shared by all pools, pool, user, vault, vault, user's, user's. Arguments behind the variant: side u8, amount in u64, minimum
/// out u64.
/// </remarks>
internal static class TesseraV
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.TesseraV,
        [Pubkey.Parse("TessVdML9pBGgG9yGks7o4HewRaXVAMuoVj4x83GLQH")],
        SwapReading.Vaults,
        [
            ByteSwap(16, 1, 3, 4, new MinimumOut(9)),
            ByteSwap(17, 1, 3, 4, new MinimumOut(9)),
        ]);
}
