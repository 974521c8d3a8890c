using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>GooseFX GAMMA.</summary>
/// <remarks>
/// A fork of Raydium CPMM with the same account positions and a swap against an oracle; seen in real transactions.
/// </remarks>
internal static class GooseFxGamma
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.GooseFxGamma,
        [Pubkey.Parse("GAMMA7meSFWaBXF25oSUgmGRwaW6sCMFLmBNiMSdbHVT")],
        SwapReading.Vaults,
        [
            Swap(0xef52c0bba01adfdf, 3, 6, 7, MinimumOut.Second), // oracle_based_swap_base_input
            Swap(0x8fbe5adac41e33de, 3, 6, 7, MinimumOut.Second), // swap_base_input
            Swap(0x37d96256a34ab4ad, 3, 6, 7, MinimumOut.Second), // swap_base_output
            Of(CreatePool, 0xafaf6d1f0d989bed, 3), // initialize
            Of(AddLiquidity, 0xf223c68952e1f2b6), // deposit
            Of(RemoveLiquidity, 0xb712469c946da122), // withdraw
        ]);
}
