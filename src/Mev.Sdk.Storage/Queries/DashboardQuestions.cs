using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>The history questions of the dashboard: each has the same answer from every database, and over all tiers.</summary>
public static class DashboardQuestions
{
    private const int SlotBucket = 1000;
    private const int Most = 20;
    private const int Buckets = 2000;
    private static readonly string Transactions = HistoryTables.Transactions.Name;
    private static readonly string Opportunities = HistoryTables.MevOpportunities.Name;
    private static readonly HistoryFilter IsFailed = HistoryFilter.Where("flags", HistoryTest.AnyBits, (int)TransactionFlags.Failed);
    private static readonly HistoryFilter IsVote = HistoryFilter.Where("flags", HistoryTest.AnyBits, (int)TransactionFlags.Vote);
    private static readonly HistoryFilter IsNoVote = HistoryFilter.Where("flags", HistoryTest.NoBits, (int)TransactionFlags.Vote);
    private static readonly HistoryFilter HasSwap = HistoryFilter.Where("swap_count", HistoryTest.Greater, 0);

    /// <summary>Transactions, failed ones and votes of each minute of block time, newest first.</summary>
    public static HistoryQuestion TransactionsPerMinute { get; } = new("transactions-per-minute", "Transactions a minute", new HistoryQuery
    {
        Table = Transactions,
        Filter = HistoryFilter.IsNotNull("block_time"),
        GroupBy = [HistoryGroup.Times("block_time", TimeSpan.FromMinutes(1)) with { Name = "minute" }],
        Aggregates = [HistoryAggregate.Count("transactions"), HistoryAggregate.Count("failed", IsFailed), HistoryAggregate.Count("votes", IsVote)],
        Order = [new("minute", Descending: true)],
        Limit = Buckets,
    });

    /// <summary>Fees and tips of each 1,000 slots, lamports, newest first.</summary>
    public static HistoryQuestion FeesAndTips { get; } = new("fees-and-tips", "Fees and tips by 1,000 slots", new HistoryQuery
    {
        Table = Transactions,
        GroupBy = [HistoryGroup.Buckets("slot", SlotBucket)],
        Aggregates = [HistoryAggregate.Count("transactions"), HistoryAggregate.Sum("fee_lamports"), HistoryAggregate.Sum("tip_lamports"), HistoryAggregate.Max("tip_lamports")],
        Order = [new("slot", Descending: true)],
        Limit = Buckets,
    });

    /// <summary>Who paid most in fees, votes aside.</summary>
    public static HistoryQuestion TopPayers { get; } = new("top-payers", "Who pays most", new HistoryQuery
    {
        Table = Transactions,
        Filter = IsNoVote,
        GroupBy = [HistoryGroup.Of("payer")],
        Aggregates = [HistoryAggregate.Sum("fee_lamports"), HistoryAggregate.Sum("tip_lamports"), HistoryAggregate.Count("transactions"), HistoryAggregate.Count("failed", IsFailed)],
        Order = [new("sum_fee_lamports", Descending: true)],
        Limit = Most,
    });

    /// <summary>Which pairs of mints are swapped most, by the first swap of a transaction.</summary>
    public static HistoryQuestion TopPairs { get; } = new("top-pairs", "Pairs swapped most", new HistoryQuery
    {
        Table = Transactions,
        Filter = HasSwap,
        GroupBy = [HistoryGroup.Of("mint_in"), HistoryGroup.Of("mint_out")],
        Aggregates = [HistoryAggregate.Count("transactions"), HistoryAggregate.Sum("amount_in"), HistoryAggregate.Sum("amount_out")],
        Order = [new("transactions", Descending: true)],
        Limit = Most,
    });

    /// <summary>Which venues are traded at most, and by how many payers (estimated).</summary>
    public static HistoryQuestion TopVenues { get; } = new("top-venues", "Venues traded at most", new HistoryQuery
    {
        Table = Transactions,
        Filter = HasSwap,
        GroupBy = [HistoryGroup.Of("venue")],
        Aggregates = [HistoryAggregate.Count("transactions"), HistoryAggregate.Sum("swap_count"), HistoryAggregate.Sum("fee_lamports"), HistoryAggregate.Distinct("payer") with { Name = "payers" }],
        Order = [new("transactions", Descending: true)],
        Limit = Most,
    });

    /// <summary>Why transactions fail: how often each error came, a program's own codes apart.</summary>
    public static HistoryQuestion Failures { get; } = new("failures", "Why transactions fail", new HistoryQuery
    {
        Table = Transactions,
        Filter = IsFailed,
        GroupBy = [HistoryGroup.Of("error_code"), HistoryGroup.Of("error_custom_code")],
        Aggregates = [HistoryAggregate.Count("transactions"), HistoryAggregate.Sum("fee_lamports")],
        Order = [new("transactions", Descending: true)],
        Limit = Most,
    });

    /// <summary>What opportunities of each kind brought: profit and cost of those that landed, lamports.</summary>
    public static HistoryQuestion ProfitByKind { get; } = new("profit-by-kind", "Profit by kind of opportunity", new HistoryQuery
    {
        Table = Opportunities,
        GroupBy = [HistoryGroup.Of("type")],
        Aggregates =
        [
            HistoryAggregate.Count("opportunities"),
            HistoryAggregate.Count("landed", HistoryFilter.Where("flags", HistoryTest.AnyBits, (int)OpportunityFlags.Executed)),
            HistoryAggregate.Sum("profit_lamports") with { Where = HistoryFilter.Where("flags", HistoryTest.AnyBits, (int)OpportunityFlags.Executed) },
            HistoryAggregate.Sum("actual_cost_lamports"),
        ],
        Order = [new("sum_profit_lamports", Descending: true)],
        Limit = Most,
    });

    /// <summary>How scores are distributed, in twentieths.</summary>
    public static HistoryQuestion Scores { get; } = new("scores", "Distribution of scores", new HistoryQuery
    {
        Table = Transactions,
        Filter = HistoryFilter.IsNotNull("score"),
        GroupBy = [HistoryGroup.Scaled("score", 20) with { Name = "twentieth" }],
        Aggregates = [HistoryAggregate.Count("transactions"), HistoryAggregate.Count("tipped", HistoryFilter.Where("tip_lamports", HistoryTest.Greater, 0))],
        Limit = Buckets,
    });

    /// <summary>What it takes to land: quantiles of the compute-unit price and of compute units by venue (0.4 % relative error).</summary>
    public static HistoryQuestion LandingCost { get; } = new("landing-cost", "What it takes to land", new HistoryQuery
    {
        Table = Transactions,
        Filter = HistoryFilter.AllOf(HasSwap, HistoryFilter.Where("flags", HistoryTest.NoBits, (int)TransactionFlags.Failed)),
        GroupBy = [HistoryGroup.Of("venue")],
        Aggregates =
        [
            HistoryAggregate.Count("transactions"),
            HistoryAggregate.QuantileOf("compute_unit_price_micro_lamports", 0.5), HistoryAggregate.QuantileOf("compute_unit_price_micro_lamports", 0.9), HistoryAggregate.QuantileOf("compute_unit_price_micro_lamports", 0.99),
        ],
        Order = [new("transactions", Descending: true)],
        Limit = Most,
    });

    /// <summary>Votes and other transactions of each 1,000 slots, newest first.</summary>
    public static HistoryQuestion Votes { get; } = new("votes", "Rate of votes by 1,000 slots", new HistoryQuery
    {
        Table = Transactions,
        GroupBy = [HistoryGroup.Buckets("slot", SlotBucket)],
        Aggregates = [HistoryAggregate.Count("votes", IsVote), HistoryAggregate.Count("others", IsNoVote), HistoryAggregate.Max("index_in_block")],
        Order = [new("slot", Descending: true)],
        Limit = Buckets,
    });

    /// <summary>All of them.</summary>
    public static IReadOnlyList<HistoryQuestion> All { get; } = [TransactionsPerMinute, FeesAndTips, TopPayers, TopPairs, TopVenues, Failures, ProfitByKind, Scores, LandingCost, Votes];
}
