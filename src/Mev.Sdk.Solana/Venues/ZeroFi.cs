using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>ZeroFi.</summary>
/// <remarks>
/// No published source. Positions as seen in a real transaction: pool, vault and its owner twice, user's, user's, user.
/// </remarks>
internal static class ZeroFi
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.ZeroFi,
        [Pubkey.Parse("ZERor4xhbUycZ6gb9ntrhqscUcZmAbQDjEAtCf4hbZY")],
        SwapReading.Vaults,
        [
            ByteSwap(6, 0, 2, 4, MinimumOut.Second),
        ]);
}
