using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>One or two tokens that a swap must be between, as a person writes them: <c>SOL/USDC</c>, <c>BONK</c>, or addresses of mints.</summary>
/// <remarks>A known symbol or a whole address names a mint; other text is looked for in what the feed shows of the route's ends.</remarks>
internal sealed class PairFilter
{
    /// <summary>Longest text that is looked at: two addresses and what parts them.</summary>
    public const int MaxText = 96;

    private static readonly char[] Parting = ['/', ' ', ',', '→', '>', '+'];

    private readonly Token[] _tokens;

    private PairFilter(Token[] tokens) => _tokens = tokens;

    /// <summary>The mints named, at most two; one less than the tokens for each that is mere text.</summary>
    public IEnumerable<Pubkey> Mints => _tokens.Where(static t => t.Mint is not null).Select(static t => t.Mint!.Value);

    /// <summary>Tokens that name no mint.</summary>
    public IEnumerable<string> Texts => _tokens.Where(static t => t.Mint is null).Select(static t => t.Text);

    /// <summary>Reads what a person wrote; null when that is nothing.</summary>
    public static PairFilter? Parse(string? text)
    {
        text = text is { Length: > MaxText } ? text[..MaxText] : text;
        var tokens = (text ?? "").Split(Parting, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(2).Select(Token.From).ToArray();
        return tokens.Length == 0 ? null : new PairFilter(tokens);
    }

    /// <summary>Whether a leg swaps what is asked for, in either direction, or the route as a whole does.</summary>
    public bool Matches(in FeedEntry entry)
    {
        if (entry.SwapCount == 0)
        {
            return false;
        }

        if (_tokens.Length == 1)
        {
            return _tokens[0].Mint is { } mint ? entry.Legs.HasMint(in mint) : _tokens[0].IsTextOf(in entry.MintIn) || _tokens[0].IsTextOf(in entry.MintOut);
        }

        return (_tokens[0].Mint, _tokens[1].Mint) is ({ } one, { } other) && entry.Legs.HasPair(in one, in other)
            ? true
            : (_tokens[0].Is(in entry.MintIn) && _tokens[1].Is(in entry.MintOut)) || (_tokens[1].Is(in entry.MintIn) && _tokens[0].Is(in entry.MintOut));
    }

    private sealed record Token(string Text, Pubkey? Mint)
    {
        public static Token From(string text) => new(text, TokenNames.Find(text) ?? (Pubkey.TryParse(text, null, out var mint) ? mint : null));

        public bool Is(in Pubkey mint) => Mint is { } known ? known == mint : IsTextOf(in mint);

        public bool IsTextOf(in Pubkey mint) =>
            TokenNames.Get(in mint).Contains(Text, StringComparison.OrdinalIgnoreCase) || mint.ToString().StartsWith(Text, StringComparison.Ordinal);
    }
}
