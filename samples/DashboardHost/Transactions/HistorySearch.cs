using System.Globalization;
using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>A feed's filter as a question to the history, and what of it the history cannot answer.</summary>
/// <param name="Query">The question; null when it cannot be asked as it stands.</param>
/// <param name="Notes">What the answer leaves out or means, one sentence each.</param>
internal sealed record HistorySearch(TransactionQuery? Query, IReadOnlyList<string> Notes)
{
    /// <summary>Translates.</summary>
    /// <param name="filter">What is wanted.</param>
    /// <param name="slot">The slot wanted, as text; empty = any.</param>
    /// <param name="before">Rows older than this LSN value; null = the newest.</param>
    /// <param name="limit">Rows at most.</param>
    /// <param name="threshold">The model's threshold; NaN = there is no model yet.</param>
    public static HistorySearch From(FeedFilter filter, string? slot, ulong? before, int limit, double threshold)
    {
        var notes = new List<string>();
        var problems = new List<string>();
        var mints = Mints(filter, problems);
        var venue = Venue(filter, notes, problems);
        ulong? wantedSlot = null;
        if (!string.IsNullOrWhiteSpace(slot))
        {
            if (ulong.TryParse(slot.Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number))
            {
                wantedSlot = number;
            }
            else
            {
                problems.Add("The slot is not a whole number.");
            }
        }

        if (filter.PayerWanted.IsMalformed)
        {
            problems.Add("The payer is not an address: 32 bytes in base58.");
        }

        if (filter.Kind == "hit" && !double.IsFinite(threshold))
        {
            problems.Add("There is no model yet, so nothing counts as a hit.");
        }

        if (!string.IsNullOrWhiteSpace(filter.Search))
        {
            problems.Add("The history finds a signature as a whole only: open /tx/ and the signature. Parts of signatures are for the live feed; name tokens as a pair.");
        }

        if ((venue is not null || mints.Length > 0) && problems.Count == 0)
        {
            notes.Add("Venue and pair look at a transaction's first swap: later legs of a route are in the live feed and on the transaction's page.");
        }

        if (problems.Count > 0)
        {
            return new HistorySearch(null, problems);
        }

        return new HistorySearch(
            new TransactionQuery
            {
                Kind = filter.Kind switch
                {
                    "swap" => TransactionKind.Swap, "failed" => TransactionKind.Failed, "vote" => TransactionKind.Vote, "tip" => TransactionKind.Tipped, "other" => TransactionKind.Other,
                    _ => TransactionKind.Any,
                },
                MinimumScore = filter.Kind == "hit" ? threshold : null,
                Venue = venue,
                Mint = mints.Length > 0 ? mints[0] : null,
                OtherMint = mints.Length > 1 ? mints[1] : null,
                Payer = filter.PayerWanted.Key,
                Slot = wantedSlot,
                Before = before is { } value ? new Lsn(value) : Lsn.None,
                Limit = limit,
            },
            notes);
    }

    private static Pubkey[] Mints(FeedFilter filter, List<string> problems)
    {
        if (filter.PairWanted is not { } pair)
        {
            return [];
        }

        foreach (var text in pair.Texts)
        {
            problems.Add($"The history knows tokens by address: '{text}' is neither the whole address of a mint nor a symbol that this host knows.");
        }

        return [.. pair.Mints];
    }

    // Programs have no column. A venue's program is told by its swaps; any other question is refused rather than answered wrongly.
    private static VenueId? Venue(FeedFilter filter, List<string> notes, List<string> problems)
    {
        VenueId? wanted = filter.Venue == 0 ? null : (VenueId)filter.Venue;
        if (filter.ProgramWanted.IsAny)
        {
            return wanted;
        }

        if (filter.ProgramWanted.Key is not { } program)
        {
            problems.Add("The program is not an address: 32 bytes in base58.");
            return wanted;
        }

        var venue = ProgramNames.VenueOf(in program);
        if (venue == VenueId.Unknown)
        {
            problems.Add("The history keeps no list of called programs, so it cannot answer this filter; the live feed can. Programs of trading venues are answered by their swaps.");
            return wanted;
        }

        if (wanted is not null && wanted != venue)
        {
            problems.Add($"The program is that of {VenueNames.Get(venue)}, the venue asked for is {VenueNames.Get(wanted.Value)}: the first swap cannot be on both. The live feed finds routes over both.");
            return wanted;
        }

        notes.Add($"The history keeps no list of called programs: these are transactions whose first swap was on {VenueNames.Get(venue)}, which is that program.");
        return venue;
    }
}
