using Mev.Sdk.Records;

namespace Mev.Sdk.Solana.Venues;

/// <summary>PumpSwap AMM.</summary>
/// <remarks>
/// Source: the program's published IDL (<c>pump_amm</c>): pool, user, configuration, base mint, quote mint, user's base, user's quote, base vault, quote
/// vault. Arguments: <c>buy</c> base out and maximum quote in; <c>sell</c> base in and minimum quote out; <c>buy_exact_quote_in</c> quote in and minimum base out.
/// </remarks>
internal static class PumpSwap
{
    private const ulong Buy = 0x66063d1201daebea;
    private const ulong Sell = 0x33e685a4017f83ad;
    private const ulong BuyExactQuoteIn = 0xc62e1552b4d9e870;

    public static bool TryRecognise(ReadOnlySpan<byte> data, out SwapShape shape)
    {
        var discriminator = Anchor.DiscriminatorOf(data);
        shape = new SwapShape(VenueId.PumpSwap, Pool: 0, VaultA: 7, VaultB: 8, Anchor.Argument(data, discriminator == Buy ? 0 : 8));
        return discriminator is Buy or Sell or BuyExactQuoteIn;
    }
}
