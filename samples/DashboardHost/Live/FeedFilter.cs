using System.Text.Json.Serialization;
using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>What a browser wants to see of the feed or of the history; lives in its URL. Conditions are combined by "and".</summary>
/// <param name="Kind">all, swap, hit (at or above the model's threshold), tip, failed, vote or other.</param>
/// <param name="Venue">A <see cref="VenueId"/> that a leg must have; 0 = any.</param>
/// <param name="Search">Beginning of a signature, or a part of the pair; empty = any.</param>
/// <param name="Pair">One or two tokens, see <see cref="PairFilter"/>; empty = any.</param>
/// <param name="Program">Address of a program that was called; empty = any.</param>
/// <param name="Payer">Address of who paid; empty = anybody.</param>
internal sealed record FeedFilter(
    [property: JsonPropertyName("kind")] string? Kind = null,
    [property: JsonPropertyName("venue")] int Venue = 0,
    [property: JsonPropertyName("q")] string? Search = null,
    [property: JsonPropertyName("pair")] string? Pair = null,
    [property: JsonPropertyName("program")] string? Program = null,
    [property: JsonPropertyName("payer")] string? Payer = null)
{
    /// <summary>Longest search that is looked at; a signature has at most 88 characters.</summary>
    public const int MaxSearch = 88;

    /// <summary>Kinds as the page offers them.</summary>
    public static readonly (string Value, string Text)[] Kinds =
    [
        ("all", "All kinds"),
        ("swap", "Swaps"),
        ("hit", "Model hits"),
        ("tip", "With a Jito tip"),
        ("failed", "Failed"),
        ("vote", "Votes"),
        ("other", "Other"),
    ];

    private readonly PairFilter? _pair = PairFilter.Parse(Pair);
    private readonly KeyFilter _program = KeyFilter.Parse(Program);
    private readonly KeyFilter _payer = KeyFilter.Parse(Payer);

    /// <summary>The pair as read; null = any.</summary>
    [JsonIgnore]
    public PairFilter? PairWanted => _pair;

    [JsonIgnore]
    public KeyFilter ProgramWanted => _program;

    [JsonIgnore]
    public KeyFilter PayerWanted => _payer;

    public bool Matches(in FeedEntry entry, double threshold) =>
        MatchesKind(in entry, threshold)
        && (Venue == 0 || (entry.SwapCount > 0 && entry.Legs.HasVenue((VenueId)Venue)))
        && (_pair is null || _pair.Matches(in entry))
        && (_program.IsAny || (_program.Key is { } program && entry.Programs.Contains(in program)))
        && (_payer.IsAny || (_payer.Key is { } payer && entry.Payer == payer))
        && MatchesSearch(in entry);

    private bool MatchesKind(in FeedEntry entry, double threshold) => Kind switch
    {
        "swap" => entry.SwapCount > 0,
        "failed" => (entry.Flags & TransactionFlags.Failed) != 0,
        "vote" => (entry.Flags & TransactionFlags.Vote) != 0,
        "hit" => entry.Score >= threshold,
        "tip" => entry.TipLamports > 0,
        "other" => entry.SwapCount == 0 && (entry.Flags & (TransactionFlags.Failed | TransactionFlags.Vote)) == 0,
        _ => true,
    };

    private bool MatchesSearch(in FeedEntry entry)
    {
        if (string.IsNullOrWhiteSpace(Search))
        {
            return true;
        }

        var search = Search.Trim();
        search = search.Length > MaxSearch ? search[..MaxSearch] : search;
        return entry.Signature.ToString().StartsWith(search, StringComparison.Ordinal)
            || (entry.SwapCount > 0
                && (TokenNames.Get(in entry.MintIn).Contains(search, StringComparison.OrdinalIgnoreCase)
                    || TokenNames.Get(in entry.MintOut).Contains(search, StringComparison.OrdinalIgnoreCase)));
    }
}
