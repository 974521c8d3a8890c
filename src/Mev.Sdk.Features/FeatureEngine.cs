using Mev.Sdk.Features.Operators;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Features;

/// <summary>Turns records into feature vectors: the same code, record by record in LSN order, for the live stream and for replay.</summary>
/// <remarks>
/// <para>A vector belongs to the first sighting of a transaction and sees that record and records of smaller LSN, nothing else; in
/// particular neither opportunities, outcomes nor predictions. A value that cannot be known is NaN.</para>
/// <para>All memory is taken at construction but the window of signatures, which grows to its bound; nothing is allocated a record after
/// that. Two engines with equal options that see the same records give bit-equal vectors, however the records are batched.</para>
/// <para>Not thread-safe: each consumer that sees records in LSN order has its own.</para>
/// </remarks>
/// <example>
/// <code>
/// var engine = new FeatureEngine();
/// var vector = new float[engine.Schema.Count];
/// foreach (var record in batch)
/// {
///     if (engine.Observe(in record, vector)) Use(record.Lsn, vector);
/// }
/// </code>
/// </example>
public sealed class FeatureEngine
{
    private readonly FeatureOperator[] _operators;
    private readonly SightingFilter _sightings;
    private ulong _highestSlot;

    /// <summary>Makes an engine that has seen nothing yet.</summary>
    /// <param name="options">Bounds of its memory; null = the defaults. Copied.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    public FeatureEngine(FeatureEngineOptions? options = null)
    {
        options ??= new FeatureEngineOptions();
        var problems = options.Validate().ToArray();
        if (problems.Length > 0)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        _sightings = new SightingFilter(options.SightingWindow);
        _operators = FeatureCatalog.CreateOperators(options);
    }

    /// <summary>The declared features in the order of a vector.</summary>
    public IReadOnlyList<FeatureDefinition> Definitions { get; } = FeatureCatalog.Definitions;

    /// <summary>Names, units and versions in the order of a vector, and their hash.</summary>
    public FeatureSchema Schema { get; } = FeatureCatalog.Schema;

    /// <summary>Vectors written so far: distinct transactions within the window of signatures.</summary>
    public long Transactions { get; private set; }

    /// <summary>Transaction records whose parts lead outside their frame; they were passed over.</summary>
    public long Malformed { get; private set; }

    /// <summary>Shows the next record.</summary>
    /// <param name="record">A record of a checked frame, of larger LSN than the one before.</param>
    /// <param name="vector">Receives the vector; at least <see cref="FeatureSchema.Count"/> long. Untouched when the answer is false.</param>
    /// <returns>True when the record is the first sighting of a transaction and its vector was written.</returns>
    /// <exception cref="ArgumentException">The vector is too short.</exception>
    public bool Observe(in RecordView record, Span<float> vector)
    {
        if (vector.Length < Schema.Count)
        {
            throw new ArgumentException($"A vector of this schema has {Schema.Count} values, the span holds {vector.Length}.", nameof(vector));
        }

        if (record.Header.TemplateId != TemplateIds.Transaction)
        {
            return false;
        }

        if (!TransactionView.TryRead(in record, out var transaction))
        {
            Malformed++;
            return false;
        }

        ref readonly var block = ref transaction.Record;
        if (!_sightings.TryAdd(in block.Signature))
        {
            return false;
        }

        // A record that arrives late counts at its own slot; "now" never runs backwards.
        _highestSlot = Math.Max(_highestSlot, block.Slot);
        var input = new FeatureInput(in transaction, _highestSlot);
        var at = 0;
        foreach (var op in _operators)
        {
            op.Compute(in input, vector.Slice(at, op.Width));
            at += op.Width;
        }

        foreach (var op in _operators)
        {
            op.Update(in input);
        }

        Transactions++;
        return true;
    }
}
