using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.DashboardHost.Transactions;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class HistorySearchTests
{
    [Fact]
    public void From_translates_what_the_tables_can_answer()
    {
        var payer = Make.Key(7);
        var search = HistorySearch.From(new FeedFilter("hit", (int)VenueId.RaydiumV4, "", "SOL/USDC", "", payer.ToString()), "285,000,037", 99, 50, 0.75);
        Assert.Equal(
            new TransactionQuery
            {
                MinimumScore = 0.75, Venue = VenueId.RaydiumV4, Mint = KnownMints.WrappedSol, OtherMint = KnownMints.UsdCoin, Payer = payer, Slot = 285_000_037, Before = new Lsn(99), Limit = 50,
            },
            search.Query);
        Assert.Contains("first swap", Assert.Single(search.Notes), StringComparison.Ordinal);

        search = HistorySearch.From(new FeedFilter("tip"), null, null, 100, double.NaN);
        Assert.Equal(new TransactionQuery { Kind = TransactionKind.Tipped }, search.Query);
        Assert.Empty(search.Notes);
    }

    [Fact]
    public void From_answers_a_venues_program_by_its_swaps_and_says_so()
    {
        var search = HistorySearch.From(new FeedFilter(Program: KnownPrograms.OrcaWhirlpool.ToString()), null, null, 100, double.NaN);
        Assert.Equal(VenueId.OrcaWhirlpool, search.Query!.Venue);
        Assert.Contains(search.Notes, static note => note.Contains("no list of called programs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("program", "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4", "keeps no list of called programs")]
    [InlineData("program", "nonsense", "The program is not an address")]
    [InlineData("payer", "nonsense", "The payer is not an address")]
    [InlineData("pair", "SOL/NOSUCH", "'NOSUCH' is neither")]
    [InlineData("slot", "-3", "The slot is not a whole number")]
    [InlineData("q", "abc", "finds a signature as a whole only")]
    [InlineData("kind", "hit", "There is no model yet")]
    [InlineData("clash", "whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc", "cannot be on both")]
    public void From_refuses_what_it_would_answer_wrongly(string filter, string value, string reason)
    {
        var search = HistorySearch.From(
            new FeedFilter(
                filter == "kind" ? value : "all", filter == "clash" ? (int)VenueId.RaydiumV4 : 0, filter == "q" ? value : null, filter == "pair" ? value : null,
                filter is "program" or "clash" ? value : null, filter == "payer" ? value : null),
            filter == "slot" ? value : null, null, 100, double.NaN);
        Assert.Null(search.Query);
        Assert.Contains(reason, Assert.Single(search.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0UL, 9, "0")]
    [InlineData(1UL, 9, "0.000000001")]
    [InlineData(1_500_000_000UL, 9, "1.5")]
    [InlineData(1_234_567_890_000_000UL, 9, "1,234,567.89")]
    [InlineData(123UL, 0, "123")]
    [InlineData(ulong.MaxValue, 6, "18,446,744,073,709.551615")]
    public void Amounts_are_exact(ulong amount, int decimals, string text)
    {
        Assert.Equal(text, Amounts.Exact(amount, decimals));
        Assert.Equal("+" + text, Amounts.Change(0, amount, decimals));
        Assert.Equal(amount == 0 ? "+0" : "−" + text, Amounts.Change(amount, 0, decimals));
    }

    [Theory]
    [InlineData(1000UL, 990UL, "1.00 % to spare")]
    [InlineData(1000UL, 500UL, "50 % to spare")]
    [InlineData(1000UL, 0UL, "")]
    [InlineData(10UL, 20UL, "below the minimum")]
    public void Slack_says_how_much_slippage_was_left(ulong got, ulong minimum, string text) => Assert.Equal(text, Amounts.Slack(got, minimum));
}
