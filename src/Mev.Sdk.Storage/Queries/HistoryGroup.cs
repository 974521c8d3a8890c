namespace Mev.Sdk.Storage.Queries;

/// <summary>One part of what rows are grouped by.</summary>
/// <remarks>Immutable. A null makes a group of its own.</remarks>
public sealed record HistoryGroup
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary>What of it; default its value.</summary>
    public HistoryGrouping By { get; init; }

    /// <summary>Width of a bucket, for <see cref="HistoryGrouping.Width"/>, in the unit of the column: 1 to 2^53.</summary>
    public long Width { get; init; }

    /// <summary>Width of a bucket, for <see cref="HistoryGrouping.Time"/>: whole microseconds, 1 ms to 3,660 days.</summary>
    public TimeSpan Every { get; init; }

    /// <summary>Precision for <see cref="HistoryGrouping.LogLinear"/>, bits: 0 to 12; default 7.</summary>
    public int Bits { get; init; } = LogLinearHistogram.DefaultBits;

    /// <summary>Buckets a unit for <see cref="HistoryGrouping.Scaled"/>: 1 to 1,000,000.</summary>
    public int Scale { get; init; }

    /// <summary>What it is called in the answer; null (default) = as the column.</summary>
    public string? Name { get; init; }

    /// <summary>Groups by the value of a column.</summary>
    /// <param name="column">The column.</param>
    /// <returns>The group.</returns>
    public static HistoryGroup Of(string column) => new() { Column = column };

    /// <summary>Groups by buckets of a whole number, such as slots.</summary>
    /// <param name="column">The column.</param>
    /// <param name="width">Width of a bucket.</param>
    /// <returns>The group.</returns>
    public static HistoryGroup Buckets(string column, long width) => new() { Column = column, By = HistoryGrouping.Width, Width = width };

    /// <summary>Groups by buckets of time.</summary>
    /// <param name="column">The column.</param>
    /// <param name="every">Width of a bucket.</param>
    /// <returns>The group.</returns>
    public static HistoryGroup Times(string column, TimeSpan every) => new() { Column = column, By = HistoryGrouping.Time, Every = every };

    /// <summary>Groups by buckets of a histogram with relative widths.</summary>
    /// <param name="column">The column.</param>
    /// <param name="bits">Precision, bits.</param>
    /// <returns>The group.</returns>
    public static HistoryGroup LogLinear(string column, int bits = LogLinearHistogram.DefaultBits) => new() { Column = column, By = HistoryGrouping.LogLinear, Bits = bits };

    /// <summary>Groups a column of floats by equal buckets.</summary>
    /// <param name="column">The column.</param>
    /// <param name="scale">Buckets a unit.</param>
    /// <returns>The group.</returns>
    public static HistoryGroup Scaled(string column, int scale) => new() { Column = column, By = HistoryGrouping.Scaled, Scale = scale };
}
