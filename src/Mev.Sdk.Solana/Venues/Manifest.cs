using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Manifest order books.</summary>
/// <remarks>
/// Source: <c>manifest</c>, <c>ManifestInstruction</c>: u8 variant. 4 (swap): payer, market, system program, trader's base, trader's quote, base vault, quote vault; 13 (swap with an owner who is not the payer)
/// has the owner second. Arguments: amount in u64, amount out u64, base is input, input is exact; the second is the minimum or the exact output.
/// </remarks>
internal static class Manifest
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Manifest,
        [Pubkey.Parse("MNFSTqtC93rEfYHB6hF82sKdZpUDFWkViLByLd1k1Ms")],
        SwapReading.Vaults,
        [
            ByteSwap(4, 1, 5, 6, MinimumOut.Second),
            ByteSwap(13, 2, 6, 7, MinimumOut.Second),
            OfByte(Other, 0),
            OfByte(Other, 1),
            OfByte(Other, 2),
            OfByte(Other, 3),
            OfByte(Other, 5),
            OfByte(Other, 6),
            OfByte(Other, 7),
            OfByte(Other, 8),
            OfByte(Other, 9),
            OfByte(Other, 10),
            OfByte(Other, 11),
            OfByte(Other, 12),
        ]);
}
