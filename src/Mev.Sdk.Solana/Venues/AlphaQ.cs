using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>AlphaQ.</summary>
/// <remarks>
/// No published source. Positions as seen in real transactions: user, a readonly account of the market, pool, user's, user's, vault, vault.
/// </remarks>
internal static class AlphaQ
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.AlphaQ,
        [Pubkey.Parse("ALPHAQmeA7bjrVuccPsYPiCvsi428SNwte66Srvs4pHA")],
        SwapReading.Vaults,
        [
            ByteSwap(12, 2, 5, 6, MinimumOut.NotStated),
        ]);
}
