using System.Text.Json.Serialization;
using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>What a browser wants to see of the feed; lives in its URL.</summary>
/// <param name="Kind">all, swap, failed, vote or hit (at or above the model's threshold).</param>
/// <param name="Venue">A <see cref="VenueId"/>; 0 = any.</param>
/// <param name="Search">Beginning of a signature, or a part of the pair; empty = any.</param>
internal sealed record FeedFilter(
    [property: JsonPropertyName("kind")] string? Kind,
    [property: JsonPropertyName("venue")] int Venue,
    [property: JsonPropertyName("q")] string? Search)
{
    /// <summary>Longest search that is looked at; a signature has at most 88 characters.</summary>
    public const int MaxSearch = 88;

    public bool Matches(in FeedEntry entry, double threshold)
    {
        var kind = Kind switch
        {
            "swap" => entry.SwapCount > 0,
            "failed" => (entry.Flags & TransactionFlags.Failed) != 0,
            "vote" => (entry.Flags & TransactionFlags.Vote) != 0,
            "hit" => entry.Score >= threshold,
            _ => true,
        };
        return kind && (Venue == 0 || (entry.SwapCount > 0 && entry.Venue == (VenueId)Venue)) && MatchesSearch(in entry);
    }

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
