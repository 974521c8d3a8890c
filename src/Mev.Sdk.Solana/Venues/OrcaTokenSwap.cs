using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Orca's token-swap pools, versions 1 and 2.</summary>
/// <remarks>
/// Source: <c>spl-token-swap</c>, <c>SwapInstruction</c>: u8 variant, then two u64. Accounts of 1 (swap): pool, authority, user, user's in, vault in, vault out, user's out,
/// pool mint, fees, token program. Orca's two programs before Whirlpool are builds of it.
/// </remarks>
internal static class OrcaTokenSwap
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.OrcaTokenSwap,
        [Pubkey.Parse("9W959DqEETiGZocYWCQPaJ6sBmUzgfxXfqGeTEdp3aQP"), Pubkey.Parse("DjVE6JNiYqPL2QXyCUUh8rNjHrbz9hXHNYt99MQ59qw1")],
        SwapReading.Vaults,
        [
            ByteSwap(1, 0, 4, 5, MinimumOut.Second),
            OfByte(CreatePool, 0, 0),
            OfByte(AddLiquidity, 2, 0),
            OfByte(RemoveLiquidity, 3, 0),
            OfByte(AddLiquidity, 4, 0),
            OfByte(RemoveLiquidity, 5, 0),
        ]);
}
