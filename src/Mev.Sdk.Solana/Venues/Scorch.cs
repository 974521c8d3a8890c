using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Scorch.</summary>
/// <remarks>
/// No published source. Positions as seen in a real transaction: pool, user, user's, user's, vault, vault.
/// </remarks>
internal static class Scorch
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Scorch,
        [Pubkey.Parse("SCoRcH8c2dpjvcJD6FiPbCSQyQgu3PcUAWj2Xxx3mqn")],
        SwapReading.Vaults,
        [
            ByteSwap(2, 0, 4, 5, MinimumOut.NotStated),
        ]);
}
