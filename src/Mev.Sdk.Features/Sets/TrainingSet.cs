namespace Mev.Sdk.Features.Sets;

/// <summary>Labelled rows in LSN order, and what was left out of them.</summary>
/// <remarks>Immutable once built; thread-safe.</remarks>
public sealed class TrainingSet
{
    private readonly float[] _features;
    private readonly float[] _labels;
    private readonly RowKey[] _keys;

    internal TrainingSet(FeatureSchema schema, int labelWindowSlots, float[] features, float[] labels, RowKey[] keys)
    {
        Schema = schema;
        LabelWindowSlots = labelWindowSlots;
        _features = features;
        _labels = labels;
        _keys = keys;
        foreach (var label in labels)
        {
            Positives += label > 0 ? 1 : 0;
        }
    }

    /// <summary>What the features mean.</summary>
    public FeatureSchema Schema { get; }

    /// <summary>The label window the rows were built with, slots.</summary>
    public int LabelWindowSlots { get; }

    /// <summary>Rows.</summary>
    public int Count => _labels.Length;

    /// <summary>Rows whose label is 1.</summary>
    public int Positives { get; }

    /// <summary>All vectors, row by row; NaN = missing. Lives as long as the set.</summary>
    public ReadOnlyMemory<float> Features => _features;

    /// <summary>The labels: 1 = an opportunity followed, 0 = none. Lives as long as the set.</summary>
    public ReadOnlyMemory<float> Labels => _labels;

    /// <summary>Transactions whose label window was still open at the end; they are no rows, since their label is not known yet.</summary>
    public long OpenAtEnd { get; internal init; }

    /// <summary>Votes passed over.</summary>
    public long VotesSkipped { get; internal init; }

    /// <summary>Opportunities that named a transaction not waiting for a label: never seen, a vote, or its window had closed.</summary>
    public long UnmatchedOpportunities { get; internal init; }

    /// <summary>Opportunities that an inspector found in the past; they are never labels.</summary>
    public long ObservedOpportunities { get; internal init; }

    /// <summary>Records read.</summary>
    public long RecordsRead { get; internal init; }

    /// <summary>One row's vector.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <returns>The values; live as long as the set.</returns>
    public ReadOnlySpan<float> RowAt(int row) => _features.AsSpan(row * Schema.Count, Schema.Count);

    /// <summary>The record a row belongs to.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <returns>The LSN of the first sighting.</returns>
    public Lsn LsnAt(int row) => _keys[row].Lsn;

    /// <summary>The transaction a row belongs to.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <returns>Its signature.</returns>
    public Signature SignatureAt(int row) => _keys[row].Signature;

    /// <summary>The stream's slot when the row was sighted: the highest of any record until then.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <returns>The slot; never smaller than that of the row before.</returns>
    public ulong SlotAt(int row) => _keys[row].Slot;

    /// <summary>Copies rows as samples for a store.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="createdAt">When they were built.</param>
    /// <returns>Samples whose features lie in the set's memory.</returns>
    public IReadOnlyList<TrainingSample> ToSamples(int first, int count, DateTimeOffset createdAt)
    {
        var samples = new TrainingSample[count];
        for (var i = 0; i < count; i++)
        {
            var row = first + i;
            samples[i] = new TrainingSample(
                _keys[row].Lsn, _keys[row].Signature, _features.AsMemory(row * Schema.Count, Schema.Count), _labels[row], createdAt);
        }

        return samples;
    }

    internal readonly record struct RowKey(Lsn Lsn, Signature Signature, ulong Slot);
}
