using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A question about the history: which rows of which table, and what of them. The answer is the same from every database; <c>docs/queries.md</c> says why.</summary>
/// <remarks>
/// Immutable. With <see cref="Aggregates"/> or <see cref="GroupBy"/> it asks for groups, otherwise for rows. Validated when it is asked, or by <see cref="Validate"/>.
/// </remarks>
/// <example>
/// <code>
/// var topPayers = new HistoryQuery
/// {
///     Table = "transactions",
///     Span = HistorySpan.Slots(250_000_000, 250_215_999),
///     Filter = HistoryFilter.Where("flags", HistoryTest.NoBits, (int)TransactionFlags.Vote),
///     GroupBy = [HistoryGroup.Of("payer")],
///     Aggregates = [HistoryAggregate.Count(), HistoryAggregate.Sum("fee_lamports")],
///     Order = [new("sum_fee_lamports", Descending: true)],
///     Limit = 20,
/// };
/// </code>
/// </example>
public sealed record HistoryQuery
{
    /// <summary>Rows or groups wanted at most by default.</summary>
    public const int DefaultLimit = 1_000;

    /// <summary>The table: a name of <see cref="HistoryTables"/>.</summary>
    public required string Table { get; init; }

    /// <summary>Which slots or times, by what the table is ordered by; null (default) = all.</summary>
    public HistorySpan? Span { get; init; }

    /// <summary>Which rows; null (default) = all.</summary>
    public HistoryFilter? Filter { get; init; }

    /// <summary>Columns wanted of rows; empty (default) = all of the table. Not for groups.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>What rows are grouped by, at most 4; empty (default) with <see cref="Aggregates"/> = all rows are one group, which is there even without rows.</summary>
    public IReadOnlyList<HistoryGroup> GroupBy { get; init; } = [];

    /// <summary>Figures of each group, at most 16.</summary>
    public IReadOnlyList<HistoryAggregate> Aggregates { get; init; } = [];

    /// <summary>
    /// Order of the answer, at most 6 parts. What identifies a row or group follows by itself, so that the order is total. Default: rows by LSN ascending, groups by what they
    /// are grouped by.
    /// </summary>
    public IReadOnlyList<HistoryOrder> Order { get; init; } = [];

    /// <summary>Where to go on: <see cref="HistoryAnswer.Next"/> of the page before; empty (default) = from the first.</summary>
    public IReadOnlyList<HistoryValue> After { get; init; } = [];

    /// <summary>Rows or groups at most, 1 to 100,000; default 1,000.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>Lists what is wrong with the query.</summary>
    /// <returns>One message a problem, with its place and its remedy; empty when there is none.</returns>
    public IReadOnlyList<string> Validate() => BoundQuery.TryBind(this, isLimited: true, out _);
}
