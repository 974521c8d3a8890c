using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Storage.Projection;

/// <summary>The rows of batches, and what a database has to merge: the same for every database, which only loads the buffers and runs its merge.</summary>
/// <remarks>
/// <para><see cref="Begin"/> takes the batches, and each <see cref="NextRun"/> gives rows to merge after those of the run before; nearly always there is one run.</para>
/// <para>The merge of a run, in this order, all runs in the transaction of the checkpoint. "Within" slots bounds the scan only: rows belong together when their own slots are at most
/// <see cref="SlotSpan.Margin"/> apart, too. "Overtakes": a stage is overtaken by a later one; <c>dropped</c> and <c>forked</c> by being seen
/// again in any other; <c>finalized</c> by nothing.</para>
/// <list type="number">
/// <item><see cref="FirstSightings"/> are inserted into <c>transactions</c>, except signatures that <see cref="TransactionSlots"/> of the table already hold (the filter starts
/// empty). If any was left out, all of them are also treated as in 2.</item>
/// <item><see cref="RepeatedSightings"/> bring rows of the same signature and a lesser LSN up to date. The earliest with meta gives meta to a row that has none: <c>raw_lsn</c>, <c>flags</c>,
/// fee, tip, consumed units, errors and all columns of the swap. The latest (a finalized one before all others), if it overtakes, gives its stage; unless it is an ending it also gives <c>slot</c>,
/// <c>index_in_block</c> and, if it has one, <c>block_time</c>. Which row each belongs to is remembered for at least 2^21 LSNs: predictions name the sighting that was scored.</item>
/// <item>Opportunities within <see cref="TransactionSlots"/> that have a signature and no <c>transaction_lsn</c> get that of a transaction that 1 inserted.</item>
/// <item><see cref="SlotStages"/> give their stage to the transactions of the slot that are not pending and that they overtake.</item>
/// <item><see cref="Scores"/>, if <see cref="HasScoresToMerge"/> or 2 remembered any repeat: those of repeats are led to the first sighting (and then are in no row); of those about one row the one
/// with the greatest <c>ordinal</c> sets <c>score</c> and <c>model_version</c>, unless it is <c>in_row</c>.</item>
/// <item><see cref="Opportunities"/> are inserted, with <c>transaction_lsn</c> from the transactions within <see cref="OpportunitySlots"/>; left out are observed ones with a signature whose signature, type,
/// strategy, pool and expected profit an observed one within these slots already has.</item>
/// <item><see cref="OutcomesToMerge"/> set <c>outcome</c>, <c>success</c> and, where it is known, <c>executed</c> of the opportunity of their source, session and id; one that landed also
/// <c>profit_lamports</c>, <c>cost_lamports</c> and <c>actual_cost_lamports</c> and the flag Executed; a success the flag Succeeded.</item>
/// <item><see cref="Appended"/> are inserted as they are.</item>
/// </list>
/// <para>Made once and filled again for each transaction, so that buffers are kept. Not thread-safe. A record whose body cannot be read has no rows, is counted and never holds up the rest.</para>
/// </remarks>
public sealed class ProjectedRows : IDisposable
{
    private const int MaxMalformedKept = 16;
    private const string BodyLeadsOutside = "its groups or variable data lead outside its frame";

    private readonly ILogger _logger;
    private readonly string _target;
    private readonly OpportunityRows _opportunities = new();
    private readonly ScoreRows _scores = new();
    private readonly RunOrder _order = new();
    private readonly List<StagedSighting> _firsts = [];
    private readonly List<MalformedRecord> _malformed = [];
    private readonly RowBuffer[] _all;
    private readonly RowBuffer _scored = new(HistoryTables.Transactions);
    private readonly RowBuffer _outcomes = new(HistoryTables.Outcomes);
    private readonly RowBuffer _slots = new(HistoryTables.Slots);
    private readonly RowBuffer _blocks = new(HistoryTables.Blocks);
    private readonly RowBuffer _accounts = new(HistoryTables.Accounts);
    private readonly RowBuffer _nodes = new(HistoryTables.Nodes);
    private readonly RowBuffer _strategies = new(HistoryTables.Strategies);
    private readonly RowBuffer _predictions = new(HistoryTables.Predictions);
    private readonly RowBuffer _labels = new(HistoryTables.Labels);
    private readonly RowBuffer _labelLegs = new(HistoryTables.LabelLegs);
    private readonly RowBuffer _gaps = new(HistoryTables.Gaps);
    private readonly RowBuffer _parameterChanges = new(HistoryTables.ParameterChanges);
    private readonly RowBuffer _audit = new(HistoryTables.Audit);
    private readonly RowBuffer _metrics = new(HistoryTables.PerformanceMetrics);
    private IReadOnlyList<RecordBatch> _batches = [];
    private SightingFilter? _filter;
    private long _now;
    private int _batch;
    private int _record;

    /// <summary>Makes empty rows.</summary>
    /// <param name="target">The database's name, for the log and the metrics.</param>
    /// <param name="logger">Where records that cannot be read are told; nowhere when null.</param>
    public ProjectedRows(string target, ILogger? logger = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        _target = target;
        _logger = logger ?? NullLogger.Instance;
        Appended = [_outcomes, _slots, _blocks, _accounts, _nodes, _strategies, _predictions, _labels, _labelLegs, _gaps, _parameterChanges, _audit, _metrics];
        _all = [.. Appended, _scored, FirstSightings, RepeatedSightings, SlotStages, Scores, Opportunities, OutcomesToMerge];
    }

    /// <summary>Sightings that the filter saw for the first time: rows of <see cref="HistoryTables.Transactions"/>, in LSN order.</summary>
    public RowBuffer FirstSightings { get; } = new(HistoryTables.Transactions);

    /// <summary>Sightings of signatures that the filter knew: of the same layout, in LSN order, without scores.</summary>
    public RowBuffer RepeatedSightings { get; } = new(HistoryTables.Transactions);

    /// <summary>Slots of both, with margins.</summary>
    public SlotSpan TransactionSlots { get; private set; } = SlotSpan.None;

    /// <summary>Rows of <see cref="MergeTables.SlotStages"/>.</summary>
    public RowBuffer SlotStages { get; } = new(MergeTables.SlotStages);

    /// <summary>Slots of <see cref="SlotStages"/>, with margins.</summary>
    public SlotSpan StageSlots { get; private set; } = SlotSpan.None;

    /// <summary>Rows of <see cref="MergeTables.Scores"/>.</summary>
    public RowBuffer Scores { get; } = new(MergeTables.Scores);

    /// <summary>Whether some of <see cref="Scores"/> are not in the row that was staged with them.</summary>
    public bool HasScoresToMerge => _scores.Outside > 0;

    /// <summary>The least LSN that <see cref="Scores"/> name.</summary>
    public Lsn FirstScoredLsn => new(_scores.FirstLsn);

    /// <summary>The greatest LSN that <see cref="Scores"/> name.</summary>
    public Lsn LastScoredLsn => new(_scores.LastLsn);

    /// <summary>Rows of <see cref="HistoryTables.MevOpportunities"/>, with the outcomes that came with them, <c>transaction_lsn</c> still null.</summary>
    public RowBuffer Opportunities { get; } = new(HistoryTables.MevOpportunities);

    /// <summary>Slots of <see cref="Opportunities"/>, with margins.</summary>
    public SlotSpan OpportunitySlots => _opportunities.Slots;

    /// <summary>How many of <see cref="Opportunities"/> engines reported; they are all inserted. The rest was observed.</summary>
    public int ReportedOpportunities => _opportunities.Reported;

    /// <summary>Rows of <see cref="MergeTables.Outcomes"/>: of opportunities that are not among <see cref="Opportunities"/>.</summary>
    public RowBuffer OutcomesToMerge { get; } = new(MergeTables.Outcomes);

    /// <summary>Rows of all tables that are only appended to; some of them empty.</summary>
    public IReadOnlyList<RowBuffer> Appended { get; }

    /// <summary>LSN of the run's first record.</summary>
    public Lsn FirstLsn { get; private set; }

    /// <summary>LSN of the run's last record.</summary>
    public Lsn LastLsn { get; private set; }

    /// <summary>How many records of the run have no rows because their bodies cannot be read.</summary>
    public int MalformedCount { get; private set; }

    /// <summary>The first 16 of them.</summary>
    public IReadOnlyList<MalformedRecord> Malformed => _malformed;

    /// <summary>Takes batches to make rows of with <see cref="NextRun"/>.</summary>
    /// <param name="batches">In LSN order; borrowed until <see cref="NextRun"/> has said false.</param>
    /// <param name="filter">Knows the sightings before; when the rows are not stored after all, a new one must be used.</param>
    /// <param name="now">Becomes <c>processed_at</c>.</param>
    public void Begin(IReadOnlyList<RecordBatch> batches, SightingFilter filter, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(filter);
        Clear();
        (_batches, _filter, _now, _batch, _record) = (batches, filter, UnixMicroseconds.From(now), 0, 0);
    }

    /// <summary>
    /// Makes the rows of the next records, in place of those before: of all of them at once, except where merging them together would not be the same as one after another, which
    /// is rare. So a database ends the same however the log was divided.
    /// </summary>
    /// <returns>False when no records are left.</returns>
    public bool NextRun()
    {
        Clear();
        if (_batch >= _batches.Count)
        {
            (_batches, _filter) = ([], null);
            return false;
        }

        FirstLsn = _batches[_batch].FirstLsn.Add((ulong)_record);
        TakeRun();
        LastLsn = _record > 0 ? _batches[_batch].FirstLsn.Add((ulong)_record - 1) : _batches[_batch - 1].LastLsn;

        // Behind all else: a row takes the score that came after it along.
        TakeScores();
        Merge();
        Tell();
        return true;
    }

    /// <summary>
    /// Brings <see cref="FirstSightings"/> to the stages of <see cref="SlotStages"/>: for a database that holds none of them, and so inserts all as they are. It then has less to update.
    /// </summary>
    /// <returns>Whether 4 has only rows before <see cref="FirstLsn"/> to advance; false when some of these rows, which are repeated in the run, were left as they are.</returns>
    public bool AdvanceFirstSightings()
    {
        var all = true;
        if (_order.Stages.Count == 0)
        {
            return all;
        }

        foreach (var sighting in _firsts)
        {
            // A repeat may have led it to another slot, or on, before the slot's record: also one that was pending, and that the records of its own slot would leave alone.
            ref readonly var signature = ref MemoryMarshal.AsRef<Signature>(FirstSightings.Bytes[(sighting.Row + TransactionRows.SignaturePlace)..]);
            if (_order.IsRepeated(in signature, out var slot))
            {
                all &= !_order.HasStage(sighting.Slot) && !_order.HasStage(slot);
            }
            else if (_order.TryAdvance(sighting.Slot, sighting.Stage, out var stage))
            {
                FirstSightings.Overwrite(sighting.StageByte, (byte)stage);
            }
        }

        return all;
    }

    /// <summary>Gives all memory back.</summary>
    public void Dispose()
    {
        Clear();
        foreach (var buffer in _all)
        {
            buffer.Dispose();
        }
    }

    private void Clear()
    {
        foreach (var buffer in _all)
        {
            buffer.Clear();
        }

        _opportunities.Clear();
        _scores.Clear();
        _order.Clear();
        _firsts.Clear();
        _malformed.Clear();
        (TransactionSlots, StageSlots, MalformedCount, FirstLsn, LastLsn) = (SlotSpan.None, SlotSpan.None, 0, Lsn.None, Lsn.None);
    }

    // Leaves _batch and _record at the first record that is not in the run.
    private void TakeRun()
    {
        for (; _batch < _batches.Count; _batch++, _record = 0)
        {
            var batch = _batches[_batch];
            var position = batch.First;
            var index = 0;
            foreach (var record in batch)
            {
                if (index++ < _record)
                {
                    continue;
                }

                switch (TryAdd(in record, in position))
                {
                    case Taken.EndsRun:
                        return;
                    case Taken.Malformed:
                        AddMalformed(in record);
                        break;
                }

                _record++;
            }
        }
    }

    // Kinds of later versions have no table here, and are not malformed.
    private Taken TryAdd(in RecordView record, in StreamPosition position) => record.Header.TemplateId switch
    {
        TemplateIds.Transaction => TryAddSighting(in record),
        TemplateIds.Prediction => Read(_scores.TryAdd(_predictions, in record)),
        TemplateIds.Slot => TryAddSlot(in record),
        TemplateIds.Opportunity => Read(_opportunities.TryAddOpportunity(in record, in position)),
        TemplateIds.Outcome => Read(_opportunities.TryAddOutcome(_outcomes, in record, in position)),
        TemplateIds.Metric => Read(SystemRows.TryAddMetric(_metrics, in record)),
        TemplateIds.Block => Read(ChainRows.TryAddBlock(_blocks, in record)),
        TemplateIds.Account => Read(ChainRows.TryAddAccount(_accounts, in record)),
        TemplateIds.Node => Read(ChainRows.TryAddNode(_nodes, in record)),
        TemplateIds.Strategy => Read(OpportunityRows.TryAddStrategy(_strategies, in record, in position)),
        TemplateIds.Label => Read(SystemRows.TryAddLabel(_labels, _labelLegs, in record)),
        TemplateIds.Gap => Read(SystemRows.TryAddGap(_gaps, in record)),
        TemplateIds.ParameterChange => Read(SystemRows.TryAddParameterChange(_parameterChanges, in record)),
        TemplateIds.Audit => Read(SystemRows.TryAddAudit(_audit, in record)),
        _ => Taken.Added,
    };

    private static Taken Read(bool? couldRead) => couldRead switch { true => Taken.Added, false => Taken.Malformed, null => Taken.EndsRun };

    private Taken TryAddSighting(in RecordView record)
    {
        if (!TransactionView.TryRead(in record, out var view))
        {
            return Taken.Malformed;
        }

        ref readonly var sighting = ref view.Record;
        if (_order.EndsBefore(in sighting))
        {
            return Taken.EndsRun;
        }

        var isFirst = _filter!.TryAdd(in sighting.Signature);
        if (!isFirst && !_order.TryAddRepeat(in sighting))
        {
            return Taken.EndsRun;
        }

        var rows = isFirst ? FirstSightings : RepeatedSightings;
        var row = rows.ByteCount;
        var stageByte = TransactionRows.Add(rows, in view, _now);
        if (isFirst)
        {
            _firsts.Add(new StagedSighting(row, stageByte, sighting.Slot, sighting.Stage));
        }

        TransactionSlots = TransactionSlots.With(sighting.Slot);
        return Taken.Added;
    }

    private Taken TryAddSlot(in RecordView record)
    {
        if (!SlotView.TryRead(in record, out var view))
        {
            return Taken.Malformed;
        }

        if (!_order.TryAddStage(in view.Record))
        {
            return Taken.EndsRun;
        }

        ChainRows.AddSlot(_slots, in view);
        StageSlots = StageSlots.With(view.Record.Slot);
        return Taken.Added;
    }

    private void TakeScores()
    {
        if (_scores.IsEmpty)
        {
            return;
        }

        for (var i = 0; i < _firsts.Count; i++)
        {
            var sighting = _firsts[i];
            var row = FirstSightings.Bytes[sighting.Row..(i + 1 < _firsts.Count ? _firsts[i + 1].Row : FirstSightings.ByteCount)];
            _firsts[i] = sighting.MovedTo(_scored.ByteCount);
            if (_scores.TryTake(new Lsn(BinaryPrimitives.ReadUInt64LittleEndian(row)), out var score))
            {
                TransactionRows.AddScored(_scored, row, in score);
            }
            else
            {
                _scored.AddRow(row);
            }
        }

        FirstSightings.Swap(_scored);
        _scored.Clear();
    }

    private void Merge()
    {
        foreach (var (slot, stage) in _order.Stages)
        {
            var row = SlotStages.AddRow();
            row.UInt64(slot);
            row.UInt8((byte)stage);
            row.Complete();
        }

        _scores.WriteTo(Scores);
        _opportunities.WriteTo(Opportunities, OutcomesToMerge);
    }

    private void AddMalformed(in RecordView record)
    {
        MalformedCount++;
        if (_malformed.Count < MaxMalformedKept)
        {
            _malformed.Add(new MalformedRecord(record.Lsn, record.Header.TemplateId, BodyLeadsOutside));
        }
    }

    private void Tell()
    {
        if (MalformedCount == 0)
        {
            return;
        }

        StorageMetrics.ProjectorMalformed.Add(MalformedCount, new KeyValuePair<string, object?>("target", _target));
        var first = _malformed[0];
        Log.RecordsMalformed(_logger, MalformedCount, _target, first.Lsn, first.TemplateId, first.Reason);
    }

    private enum Taken
    {
        Added,
        Malformed,
        EndsRun,
    }
}
