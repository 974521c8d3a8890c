namespace Mev.Sdk.Storage.Queries;

/// <summary>One figure of each group.</summary>
/// <remarks>Immutable.</remarks>
public sealed record HistoryAggregate
{
    /// <summary>What is made of the rows.</summary>
    public required HistoryAggregation Of { get; init; }

    /// <summary>The column; null for a plain count of rows.</summary>
    public string? Column { get; init; }

    /// <summary>Which quantile, 0 (least) to 1 (greatest); for <see cref="HistoryAggregation.Quantile"/>.</summary>
    public double Quantile { get; init; }

    /// <summary>Precision of <see cref="HistoryAggregation.Quantile"/>, bits: 0 to 12; default 7.</summary>
    public int Bits { get; init; } = LogLinearHistogram.DefaultBits;

    /// <summary>Counts only rows for which this holds; null (default) = all rows of the group.</summary>
    public HistoryFilter? Where { get; init; }

    /// <summary>What it is called in the answer; null (default) = made of kind and column, such as <c>count</c>, <c>sum_fee_lamports</c>, <c>p99_fee_lamports</c>, <c>distinct_payer</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Counts rows.</summary>
    /// <param name="name">What it is called; null = <c>count</c>.</param>
    /// <param name="where">Counts only rows for which this holds; null = all.</param>
    /// <returns>The aggregate.</returns>
    public static HistoryAggregate Count(string? name = null, HistoryFilter? where = null) => new() { Of = HistoryAggregation.Count, Name = name, Where = where };

    /// <summary>Sums up an integer column.</summary>
    /// <param name="column">The column.</param>
    /// <returns>The aggregate.</returns>
    public static HistoryAggregate Sum(string column) => new() { Of = HistoryAggregation.Sum, Column = column };

    /// <summary>Takes the least value.</summary>
    /// <param name="column">The column.</param>
    /// <returns>The aggregate.</returns>
    public static HistoryAggregate Min(string column) => new() { Of = HistoryAggregation.Min, Column = column };

    /// <summary>Takes the greatest value.</summary>
    /// <param name="column">The column.</param>
    /// <returns>The aggregate.</returns>
    public static HistoryAggregate Max(string column) => new() { Of = HistoryAggregation.Max, Column = column };

    /// <summary>Estimates a quantile.</summary>
    /// <param name="column">The column.</param>
    /// <param name="quantile">Which, 0 to 1.</param>
    /// <returns>The aggregate.</returns>
    public static HistoryAggregate QuantileOf(string column, double quantile) => new() { Of = HistoryAggregation.Quantile, Column = column, Quantile = quantile };

    /// <summary>Estimates how many different keys there are.</summary>
    /// <param name="column">The column.</param>
    /// <returns>The aggregate.</returns>
    public static HistoryAggregate Distinct(string column) => new() { Of = HistoryAggregation.Distinct, Column = column };
}
