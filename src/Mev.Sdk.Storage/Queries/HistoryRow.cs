namespace Mev.Sdk.Storage.Queries;

/// <summary>One row of an answer.</summary>
/// <remarks>Immutable, and its own: it stays valid.</remarks>
public readonly struct HistoryRow
{
    private readonly HistoryValue[] _values;

    /// <summary>Makes a row.</summary>
    /// <param name="values">Its values; kept, not copied.</param>
    public HistoryRow(HistoryValue[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = values;
    }

    /// <summary>Values, one a field.</summary>
    public IReadOnlyList<HistoryValue> Values => _values ?? [];

    /// <summary>How many values it has.</summary>
    public int Count => _values?.Length ?? 0;

    /// <summary>A value.</summary>
    /// <param name="field">Place of the field, from 0.</param>
    public HistoryValue this[int field] => _values[field];

    internal HistoryValue[] Array => _values;

    /// <inheritdoc/>
    public override string ToString() => string.Join(" | ", Values);
}
