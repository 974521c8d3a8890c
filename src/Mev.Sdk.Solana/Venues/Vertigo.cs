using Mev.Sdk.Records;
using static Mev.Sdk.Solana.Venues.InstructionRole;
using static Mev.Sdk.Solana.Venues.InstructionShape;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Vertigo's pools.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>amm</c>): pool, user, owner, mint a, mint b, user's a, user's b, vault a, vault b. Arguments: amount in, the least out.
/// </remarks>
internal static class Vertigo
{
    public static VenueDefinition Definition { get; } = new(
        VenueId.Vertigo,
        [Pubkey.Parse("vrTGoBuy5rYSxAfV3jaRJWHH6nN9WK4NRExGxsk1bCJ")],
        SwapReading.Vaults,
        [
            Swap(0x66063d1201daebea, 0, 7, 8, MinimumOut.Second), // buy
            Swap(0x33e685a4017f83ad, 0, 7, 8, MinimumOut.Second), // sell
            Of(Other, 0x181ec828051c0777), // create
            Of(Other, 0x3ec6d6c1d59f6cd2), // claim
            Of(Other, 0x5309e76e921f280c), // quote_buy
            Of(Other, 0x05b231ce8ce78391), // quote_sell
        ]);
}
