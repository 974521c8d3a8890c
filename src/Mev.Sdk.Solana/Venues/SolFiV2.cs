using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>SolFi, version 2.</summary>
/// <remarks>
/// No published source. Positions as seen in a real transaction: user, pool, two of the oracle, vault, vault, user's, user's.
/// </remarks>
internal static class SolFiV2
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.SolFiV2,
        [Pubkey.Parse("SV2EYYJyRz2YhfXwXnhNAevDEui5Q6yrfyo13WtupPF")],
        SwapReading.Vaults,
        [
            ByteSwap(7, 1, 4, 5, MinimumOut.NotStated),
        ]);
}
