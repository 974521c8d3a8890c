namespace Mev.Sdk.Storage.Queries;

/// <summary>A condition on rows: a test of one column, all of some conditions, or any of them.</summary>
/// <remarks>Immutable. Exactly one of <see cref="Column"/>, <see cref="All"/> and <see cref="Any"/> is set.</remarks>
public sealed record HistoryFilter
{
    /// <summary>The column that is tested; null for a combination.</summary>
    public string? Column { get; init; }

    /// <summary>What is asked of the column; default <see cref="HistoryTest.Equal"/>.</summary>
    public HistoryTest Test { get; init; }

    /// <summary>
    /// What it is compared with. Text is read as what the column holds: keys and signatures in base58, instants in ISO 8601, numbers in decimal. Not used by <see cref="HistoryTest.In"/>, <see cref="HistoryTest.IsNull"/> and <see cref="HistoryTest.IsNotNull"/>.
    /// </summary>
    public HistoryValue Value { get; init; }

    /// <summary>What it may be, 1 to 1,000 values; for <see cref="HistoryTest.In"/> only.</summary>
    public IReadOnlyList<HistoryValue>? Values { get; init; }

    /// <summary>Conditions that must all hold; null for another form.</summary>
    public IReadOnlyList<HistoryFilter>? All { get; init; }

    /// <summary>Conditions of which one must hold; null for another form.</summary>
    public IReadOnlyList<HistoryFilter>? Any { get; init; }

    /// <summary>Makes a test.</summary>
    /// <param name="column">The column.</param>
    /// <param name="test">What is asked of it.</param>
    /// <param name="value">What it is compared with.</param>
    /// <returns>The condition.</returns>
    public static HistoryFilter Where(string column, HistoryTest test, HistoryValue value) => new() { Column = column, Test = test, Value = value };

    /// <summary>Makes a test for equality.</summary>
    /// <param name="column">The column.</param>
    /// <param name="value">What it must be.</param>
    /// <returns>The condition.</returns>
    public static HistoryFilter Equal(string column, HistoryValue value) => Where(column, HistoryTest.Equal, value);

    /// <summary>Makes a test for one of several values.</summary>
    /// <param name="column">The column.</param>
    /// <param name="values">What it may be.</param>
    /// <returns>The condition.</returns>
    public static HistoryFilter In(string column, params IReadOnlyList<HistoryValue> values) => new() { Column = column, Test = HistoryTest.In, Values = values };

    /// <summary>Makes a test for a value being there.</summary>
    /// <param name="column">The column.</param>
    /// <returns>The condition.</returns>
    public static HistoryFilter IsNotNull(string column) => new() { Column = column, Test = HistoryTest.IsNotNull };

    /// <summary>Makes a test for a value missing.</summary>
    /// <param name="column">The column.</param>
    /// <returns>The condition.</returns>
    public static HistoryFilter IsNull(string column) => new() { Column = column, Test = HistoryTest.IsNull };

    /// <summary>Makes a condition that asks for all of others.</summary>
    /// <param name="filters">The others.</param>
    /// <returns>The condition.</returns>
    public static HistoryFilter AllOf(params IReadOnlyList<HistoryFilter> filters) => new() { All = filters };

    /// <summary>Makes a condition that asks for one of others.</summary>
    /// <param name="filters">The others.</param>
    /// <returns>The condition.</returns>
    public static HistoryFilter AnyOf(params IReadOnlyList<HistoryFilter> filters) => new() { Any = filters };
}
