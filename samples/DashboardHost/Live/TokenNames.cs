using System.Globalization;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>Symbols of the mints everybody knows; others are shown by the ends of their address.</summary>
internal static class TokenNames
{
    private static readonly Dictionary<Pubkey, string> Known = new()
    {
        [Pubkey.Parse("So11111111111111111111111111111111111111112")] = "SOL",
        [Pubkey.Parse("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v")] = "USDC",
        [Pubkey.Parse("Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB")] = "USDT",
        [Pubkey.Parse("J1toso1uCk3RLmjorhTtrVwY9HJ7X8V9yYac6Y7kGCPn")] = "JitoSOL",
        [Pubkey.Parse("mSoLzYCxHdYgdzU16g5QSh3i5K3z3KZK7ytfqcJm7So")] = "mSOL",
        [Pubkey.Parse("JUPyiwrYJFskUPiHa7hkeR8VUtAeFoSYbKedZNsDvCN")] = "JUP",
        [Pubkey.Parse("DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263")] = "BONK",
        [Pubkey.Parse("EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm")] = "WIF",
        [Pubkey.Parse("4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R")] = "RAY",
    };

    private static readonly Dictionary<string, Pubkey> BySymbol = Known.ToDictionary(static pair => pair.Value, static pair => pair.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>The symbol of a mint that everybody knows, or null.</summary>
    public static string? Symbol(in Pubkey mint) => Known.GetValueOrDefault(mint);

    /// <summary>The mint behind a symbol that everybody knows, in any case of letters.</summary>
    public static Pubkey? Find(string symbol) => BySymbol.TryGetValue(symbol, out var mint) ? mint : null;

    public static string Get(in Pubkey mint)
    {
        if (Known.TryGetValue(mint, out var symbol))
        {
            return symbol;
        }

        if (mint.IsZero)
        {
            return "?";
        }

        var text = mint.ToString();
        return string.Concat(text.AsSpan(0, 4), "…", text.AsSpan(text.Length - 3));
    }

    /// <summary>The swap's size: in SOL or in dollars where one side is one of them, else in what was given.</summary>
    public static string FormatValue(ref readonly FeedEntry entry)
    {
        var (symbolIn, symbolOut) = (Get(in entry.MintIn), Get(in entry.MintOut));
        return (Rank(symbolIn), Rank(symbolOut)) is var (left, right) && right > left
            ? Format(entry.AmountOut, entry.DecimalsOut, symbolOut)
            : Format(entry.AmountIn, entry.DecimalsIn, symbolIn);
    }

    /// <summary>An amount with its unit, rounded to what a glance takes in.</summary>
    public static string Format(ulong amount, byte decimals, string symbol)
    {
        var value = amount / Math.Pow(10, decimals);
        var text = value switch
        {
            >= 1e9 => (value / 1e9).ToString("0.00", CultureInfo.InvariantCulture) + "B",
            >= 1e6 => (value / 1e6).ToString("0.00", CultureInfo.InvariantCulture) + "M",
            >= 1e4 => (value / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + "k",
            >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
            >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
            0 => "0",
            >= 1e-4 => value.ToString("0.0000", CultureInfo.InvariantCulture),
            _ => "<0.0001",
        };
        return symbol is "USDC" or "USDT" ? $"${text}" : $"{text} {symbol}";
    }

    private static int Rank(string symbol) => symbol switch
    {
        "SOL" => 2,
        "USDC" or "USDT" => 1,
        _ => 0,
    };
}
