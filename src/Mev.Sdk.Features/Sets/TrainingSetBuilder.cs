using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Features.Sets;

/// <summary>Makes a labelled set by replay: every vector as it was at its sighting, every label as it became known later.</summary>
/// <remarks>
/// <para>A row's label is 1 when an opportunity that names its transaction as trigger arrives before the stream has moved on by more than the
/// label window; else 0. It becomes a row only when that window has closed, so the tail of a history, whose labels are not known yet, is
/// left out. Slots are those of the stream as it arrives (the highest slot of any record so far), never of a clock.</para>
/// <para>Point-in-time by construction: vectors come from <see cref="FeatureEngine"/>, which ignores opportunities, outcomes and predictions, and is
/// shown each record before the record can label anything. Opportunities flagged <see cref="OpportunityFlags.Observed"/> are no labels: they
/// restate the transaction itself.</para>
/// <para>Not thread-safe.</para>
/// </remarks>
public sealed class TrainingSetBuilder
{
    private readonly FeatureEngine _engine;
    private readonly RowFilter _rows;
    private readonly int _maxRows;
    private readonly ulong _window;
    private readonly float[] _vector;
    private readonly Queue<int> _open = new();
    private readonly Dictionary<Signature, int> _waiting = [];
    private readonly List<float> _features = [];
    private readonly List<float> _labels = [];
    private readonly List<TrainingSet.RowKey> _keys = [];
    private int _closed;
    private ulong _slot;
    private long _votes;
    private long _unmatched;
    private long _observed;
    private long _records;

    /// <summary>Makes a builder.</summary>
    /// <param name="options">What the set is made of; null = the defaults. Copied.</param>
    /// <param name="features">Bounds of the feature engine: those of the live engine; null = the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    public TrainingSetBuilder(TrainingSetOptions? options = null, FeatureEngineOptions? features = null)
    {
        options ??= new TrainingSetOptions();
        options.ThrowIfInvalid();
        _engine = new FeatureEngine(features);
        _vector = new float[_engine.Schema.Count];
        _rows = new RowFilter(options);
        _maxRows = options.MaxRows;
        _window = (ulong)options.LabelWindowSlots;
    }

    /// <summary>What the rows' features mean.</summary>
    public FeatureSchema Schema => _engine.Schema;

    /// <summary>Rows whose label is known by now.</summary>
    public int ClosedRows => _closed;

    /// <summary>Rows labelled 1 so far, those with an open window included.</summary>
    public int Positives { get; private set; }

    /// <summary>Whether the set has all the rows it may have.</summary>
    public bool IsFull => _closed >= _maxRows;

    /// <summary>Shows the next record.</summary>
    /// <param name="record">A record of a checked frame, of larger LSN than the one before.</param>
    public void Observe(in RecordView record)
    {
        _records++;
        switch (record.Header.TemplateId)
        {
            case TemplateIds.Transaction when TransactionView.TryRead(in record, out var transaction):
                Advance(transaction.Record.Slot);
                if (_engine.Observe(in record, _vector))
                {
                    Open(in transaction);
                }

                break;
            case TemplateIds.Opportunity when OpportunityView.TryRead(in record, out var opportunity):
                Advance(opportunity.Record.Slot);
                Label(in opportunity.Record);
                break;
            case TemplateIds.Block when BlockView.TryRead(in record, out var block):
                Advance(block.Record.Slot);
                break;
            case TemplateIds.Slot when SlotView.TryRead(in record, out var slot):
                Advance(slot.Record.Slot);
                break;
        }
    }

    /// <summary>Replays batches into the builder and releases each of them.</summary>
    /// <param name="batches">Records in LSN order, such as <see cref="IRecordLog.ReadAsync(Lsn, bool, System.Threading.CancellationToken)"/> gives.</param>
    /// <param name="progress">Told the number of closed rows after each batch; null = nobody.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <returns>The set: <see cref="Build"/>.</returns>
    public async Task<TrainingSet> BuildAsync(
        IAsyncEnumerable<RecordBatch> batches, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        await foreach (var batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                foreach (var record in batch)
                {
                    Observe(in record);
                }
            }
            finally
            {
                batch.Release();
            }

            progress?.Report(_closed);
            if (IsFull)
            {
                break;
            }
        }

        return Build();
    }

    /// <summary>The rows whose label is known by now.</summary>
    /// <returns>A set of its own; the builder may go on.</returns>
    public TrainingSet Build()
    {
        var rows = Math.Min(_closed, _maxRows);
        return new TrainingSet(
            Schema,
            (int)_window,
            CollectionsMarshal.AsSpan(_features)[..(rows * Schema.Count)].ToArray(),
            CollectionsMarshal.AsSpan(_labels)[..rows].ToArray(),
            CollectionsMarshal.AsSpan(_keys)[..rows].ToArray())
        {
            OpenAtEnd = _labels.Count - rows,
            VotesSkipped = _votes,
            UnmatchedOpportunities = _unmatched,
            ObservedOpportunities = _observed,
            RecordsRead = _records,
        };
    }

    private void Open(in TransactionView transaction)
    {
        ref readonly var block = ref transaction.Record;
        if (!_rows.Includes(in block))
        {
            _votes++;
            return;
        }

        var row = _labels.Count;
        _features.AddRange(_vector);
        _labels.Add(0);
        _keys.Add(new TrainingSet.RowKey(transaction.Lsn, block.Signature, _slot));
        _open.Enqueue(row);
        _waiting[block.Signature] = row;
    }

    private void Label(in OpportunityRecord opportunity)
    {
        if ((opportunity.Flags & OpportunityFlags.Observed) != OpportunityFlags.None)
        {
            _observed++;
        }
        else if (!_waiting.TryGetValue(opportunity.TriggerSignature, out var row))
        {
            _unmatched++;
        }
        else if (_labels[row] == 0)
        {
            _labels[row] = 1;
            Positives++;
        }
    }

    // Windows open in arrival order at a slot that never falls, so they close in that order too.
    private void Advance(ulong slot)
    {
        if (slot <= _slot)
        {
            return;
        }

        _slot = slot;
        while (_open.TryPeek(out var row) && slot - _keys[row].Slot > _window)
        {
            _open.Dequeue();
            _waiting.Remove(_keys[row].Signature);
            _closed++;
        }
    }
}
