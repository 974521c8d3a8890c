using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>SolFi.</summary>
/// <remarks>
/// No published source. Positions as seen in real transactions: user, pool, vault, vault, user's, user's; only the variant is told from the data.
/// </remarks>
internal static class SolFi
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.SolFi,
        [Pubkey.Parse("SoLFiHG9TfgtdUXUjWAxi3LtvYuFyDLVhBWxdMZxyCe")],
        SwapReading.Vaults,
        [
            ByteSwap(7, 1, 2, 3, MinimumOut.NotStated),
        ]);
}
