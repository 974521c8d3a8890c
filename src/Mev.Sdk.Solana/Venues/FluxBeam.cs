using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>FluxBeam, a token swap for Token-2022.</summary>
/// <remarks>
/// Source: the program's published IDL, a fork of SPL token-swap: pool 0, vaults 4 and 5. Arguments: amount in, minimum out.
/// </remarks>
internal static class FluxBeam
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.FluxBeam,
        [Pubkey.Parse("FLUXubRmkEi2q6K3Y9kBPg9248ggaZVsoSFhtJHSrm1X")],
        SwapReading.Vaults,
        [
            ByteSwap(1, 0, 4, 5, MinimumOut.Second), // swap
            OfByte(CreatePool, 0, 0), // initialize
            OfByte(AddLiquidity, 2, 0), // deposit_all_token_types
            OfByte(RemoveLiquidity, 3, 0), // withdraw_all_token_types
            OfByte(AddLiquidity, 4, 0), // deposit_single_token_type_exact_amount_in
            OfByte(RemoveLiquidity, 5, 0), // withdraw_single_token_type_exact_amount_out
        ]);
}
