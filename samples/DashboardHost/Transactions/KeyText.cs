using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.Solana.Addresses;

namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>A key as the page shows it: a name where there is one, the ends of the address, and the whole of it to copy.</summary>
/// <param name="Full">The whole text, base58.</param>
/// <param name="Shown">What is written.</param>
/// <param name="Name">The name that people know it by; empty = none.</param>
/// <param name="What">What the copy button says it copies.</param>
internal sealed record KeyText(string Full, string Shown, string Name, string What)
{
    private const int Ends = 4;

    public static KeyText Address(in Pubkey key, string what = "address") => Make(in key, what, shorten: true);

    public static KeyText Whole(in Pubkey key, string what = "address") => Make(in key, what, shorten: false);

    public static KeyText Of(Signature signature) => new(signature.ToString(), signature.ToString(), "", "signature");

    private static KeyText Make(in Pubkey key, string what, bool shorten)
    {
        var full = key.ToString();
        var symbol = TokenNames.Symbol(in key);
        return new KeyText(
            full,
            shorten && full.Length > (2 * Ends) + 1 ? $"{full[..Ends]}…{full[^Ends..]}" : full,
            ProgramNames.Find(in key) ?? (symbol is null ? "" : $"{symbol} mint"),
            what);
    }
}
