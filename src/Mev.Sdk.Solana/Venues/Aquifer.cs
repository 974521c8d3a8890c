using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Aquifer.</summary>
/// <remarks>
/// No published source. It names the vault of each token by itself, so the swap is told by what moved and there is no pool.
/// </remarks>
internal static class Aquifer
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Aquifer,
        [Pubkey.Parse("AQU1FRd7papthgdrwPTTq5JacJh8YtwEXaBfKU3bTz45")],
        SwapReading.Movements,
        [
            ByteSwap(1, -1, -1, -1, MinimumOut.NotStated),
            ByteSwap(19, -1, -1, -1, MinimumOut.NotStated),
        ]);
}
