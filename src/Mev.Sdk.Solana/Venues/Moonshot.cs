using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Moonshot's bonding curve: native SOL against one token.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>token_launchpad</c>): sender, its tokens, curve, the curve's tokens. The curve pays by debiting itself, which the movements tell; its arguments state
/// a tolerance in basis points of an amount that depends on the fixed side.
/// </remarks>
internal static class Moonshot
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Moonshot,
        [Pubkey.Parse("MoonCVVNZFSYkqNXP6bxHLPL6QQJiMagDL3qcqUQTrG")],
        SwapReading.Movements,
        [
            Swap(0x66063d1201daebea, 2, -1, -1, MinimumOut.NotStated), // buy
            Swap(0x33e685a4017f83ad, 2, -1, -1, MinimumOut.NotStated), // sell
            Of(CreatePool, 0x032ca4b87b0df5b3, 2), // token_mint
            Of(Other, 0x2ae50ae7bd3ec1ae), // migrate_funds
            Of(Other, 0x0deca4ad6afda4b9), // config_init
            Of(Other, 0x50256d88528759f1), // config_update
        ]);
}
