using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Writes one transaction's worth of rows over an open connection.</summary>
internal sealed class Projection(DuckDBConnection connection, SightingFilter filter, DateTime now)
{
    /// <summary>LSNs for which it is remembered which row a repeat belongs to; a start of the journal may skip half of them.</summary>
    private const ulong RepeatWindow = 1UL << 21;
    private const ulong RepeatSweep = 1UL << 18;

    private readonly StagedRows _rows = new();
    private readonly SlotRange _slots = new();
    private bool _hasRepeats;

    public int InsertedTransactions { get; private set; }

    public int InsertedOpportunities { get; private set; }

    public int InsertedObservedOpportunities { get; private set; }

    public void Apply(IReadOnlyList<RecordBatch> batches, Lsn checkpoint)
    {
        foreach (var batch in batches)
        {
            _rows.Collect(batch);
        }

        using var transaction = connection.BeginTransaction();
        if (_rows.TransactionRecords > 0)
        {
            StoreTransactions(batches);
        }

        StoreSlots();
        StoreScores();
        StoreOpportunities();
        StoreOutcomes();
        StoreMetrics();
        connection.Execute(ProjectionSql.SetCheckpoint(checkpoint, InsertedTransactions, InsertedOpportunities, InsertedObservedOpportunities));
        ForgetRepeats(batches[0].FirstLsn, checkpoint);
        transaction.Commit();
    }

    private void StoreTransactions(IReadOnlyList<RecordBatch> batches)
    {
        int staged = 0, repeats = 0;
        using (var firsts = connection.Stage("staged_transactions"))
        using (var others = connection.Stage("staged_repeats"))
        {
            foreach (var batch in batches)
            {
                foreach (var record in batch)
                {
                    if (TransactionView.TryRead(in record, out var view))
                    {
                        var isFirst = filter.TryAdd(in view.Record.Signature);
                        staged += isFirst ? 1 : 0;
                        repeats += isFirst ? 0 : 1;
                        _slots.Add(view.Record.Slot);
                        Append(isFirst ? firsts : others, in view, isFirst);
                    }
                }
            }
        }

        InsertedTransactions = staged > 0 ? connection.Execute(ProjectionSql.InsertTransactions(_slots)) : 0;
        if (InsertedTransactions < staged)
        {
            // Known to the table but not to the filter, which starts empty: they may still bring something new.
            Execute(ProjectionSql.UpgradeTransactions("staged_transactions", _slots));
            NoteRepeats("staged_transactions");
        }

        if (repeats > 0)
        {
            Execute(ProjectionSql.UpgradeTransactions("staged_repeats", _slots));
            NoteRepeats("staged_repeats");
        }

        if (InsertedTransactions > 0)
        {
            connection.Execute(ProjectionSql.ResolveOpportunities(_slots, batches[0].FirstLsn));
        }
    }

    private void Append(DuckDBAppender appender, in TransactionView view, bool isFirst)
    {
        ref readonly var record = ref view.Record;
        var signature = Signature.AsSpan(in record.Signature);
        var row = appender.CreateRow()
            .AppendValue((ulong?)view.Lsn.Value)
            .AppendValue((ulong?)view.Lsn.Value)
            .AppendValue((ulong?)BinaryPrimitives.ReadUInt64LittleEndian(signature))
            .AppendBytes(signature)
            .AppendValue((ulong?)record.Slot)
            .AppendValue(UnixTime.FromSeconds(record.BlockTimeSeconds))
            .AppendValue((byte?)record.Stage)
            .AppendValue((DateTime?)now)
            .AppendValue((uint?)record.IndexInBlock)
            .AppendBytes(Pubkey.AsSpan(in record.Payer))
            .AppendValue((uint?)record.Flags)
            .AppendValue((ulong?)record.FeeLamports)
            .AppendValue((ulong?)record.TipLamports)
            .AppendValue((ulong?)record.ComputeUnitPriceMicroLamports)
            .AppendValue((uint?)record.ComputeUnitLimit)
            .AppendValue((uint?)record.ComputeUnitsConsumed)
            .AppendValue((ushort?)record.ErrorCode)
            .AppendValue((uint?)record.ErrorCustomCode)
            .AppendValue((ushort?)view.Swaps.Length);
        AppendSwap(row, view.Swaps);
        ref var score = ref CollectionsMarshal.GetValueRefOrNullRef(_rows.Scores, view.Lsn.Value);
        if (isFirst && !Unsafe.IsNullRef(ref score))
        {
            score = score with { IsInRow = true };
            row.AppendValue((float?)score.Score).AppendValue(score.Model).EndRow();
        }
        else
        {
            row.AppendNullValue().AppendNullValue().EndRow();
        }
    }

    private static void AppendSwap(IDuckDBAppenderRow row, ReadOnlySpan<SwapEntry> swaps)
    {
        if (swaps.IsEmpty)
        {
            for (var i = 0; i < 8; i++)
            {
                row.AppendNullValue();
            }

            return;
        }

        ref readonly var swap = ref swaps[0];
        row.AppendValue((ushort?)swap.Venue)
            .AppendKey(in swap.Pool)
            .AppendBytes(Pubkey.AsSpan(in swap.MintIn))
            .AppendBytes(Pubkey.AsSpan(in swap.MintOut))
            .AppendValue((ulong?)swap.AmountIn)
            .AppendValue((ulong?)swap.AmountOut)
            .AppendValue((byte?)swap.DecimalsIn)
            .AppendValue((byte?)swap.DecimalsOut);
    }

    private void NoteRepeats(string staged)
    {
        connection.Execute(ProjectionSql.NoteRepeats(staged, _slots));
        _hasRepeats = true;
    }

    private void StoreSlots()
    {
        if (_rows.Slots.Count == 0)
        {
            return;
        }

        using (var appender = connection.Stage("staged_slots"))
        {
            foreach (var (slot, stage) in _rows.Slots)
            {
                appender.CreateRow().AppendValue((ulong?)slot).AppendValue((byte?)stage).EndRow();
            }
        }

        connection.Execute(ProjectionSql.AdvanceSlots(_rows.SlotRange));
    }

    // All but those that went into the table with their row: scores of earlier transactions, and of repeated sightings.
    private void StoreScores()
    {
        if (_rows.Scores.Count == 0 || (!_hasRepeats && _rows.Scores.Values.All(static s => s.IsInRow)))
        {
            return;
        }

        ulong first = ulong.MaxValue, last = 0;
        using (var appender = connection.Stage("staged_scores"))
        {
            foreach (var (lsn, score) in _rows.Scores)
            {
                first = Math.Min(first, lsn);
                last = Math.Max(last, lsn);
                appender.CreateRow()
                    .AppendValue((ulong?)lsn)
                    .AppendValue((ulong?)lsn)
                    .AppendValue((float?)score.Score)
                    .AppendValue(score.Model)
                    .AppendValue((ulong?)score.Ordinal)
                    .AppendValue((bool?)score.IsInRow)
                    .EndRow();
            }
        }

        connection.Execute(ProjectionSql.ResolveScores(first, last));
        if (GetScoredRows() is (var firstRow, var lastRow))
        {
            connection.Execute(ProjectionSql.SetScores(firstRow, lastRow));
        }
    }

    private (ulong First, ulong Last)? GetScoredRows()
    {
        using var command = connection.CreateCommand();
        command.CommandText = ProjectionSql.GetScoredRows;
        using var reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? (reader.GetFieldValue<ulong>(0), reader.GetFieldValue<ulong>(1)) : null;
    }

    // Now and then, so that most transactions need not look.
    private void ForgetRepeats(Lsn first, Lsn checkpoint)
    {
        if (first.Value / RepeatSweep != checkpoint.Value / RepeatSweep && checkpoint.Value > RepeatWindow)
        {
            connection.Execute(ProjectionSql.ForgetRepeats(checkpoint.Value - RepeatWindow));
        }
    }

    private void StoreOpportunities()
    {
        if (_rows.Opportunities.Count == 0)
        {
            return;
        }

        using (var appender = connection.Stage("staged_opportunities"))
        {
            foreach (var opportunity in _rows.Opportunities)
            {
                Append(appender, opportunity);
            }
        }

        InsertedOpportunities = connection.Execute(ProjectionSql.InsertOpportunities(_rows.OpportunitySlots));

        // Reported ones are all stored; of the observed ones, those that are not there yet.
        var reported = _rows.Opportunities.Count(static o => !o.Record.Flags.HasFlag(OpportunityFlags.Observed));
        InsertedObservedOpportunities = InsertedOpportunities - reported;
    }

    private static void Append(DuckDBAppender appender, StagedOpportunity opportunity)
    {
        ref readonly var record = ref opportunity.Record;
        var row = appender.CreateRow()
            .AppendValue((ulong?)opportunity.Lsn.Value)
            .AppendValue((uint?)opportunity.Position.SourceId)
            .AppendValue((ulong?)opportunity.Position.SessionId)
            .AppendValue((ulong?)record.OpportunityId)
            .AppendValue(OpportunityTypes.ToText(record.Kind))
            .AppendValue((ushort?)record.StrategyId);
        var signature = Signature.AsSpan(in record.TriggerSignature);
        row = record.TriggerSignature.IsZero
            ? row.AppendNullValue().AppendNullValue()
            : row.AppendValue((ulong?)BinaryPrimitives.ReadUInt64LittleEndian(signature)).AppendBytes(signature);
        row.AppendValue((ulong?)record.Slot)
            .AppendKey(in record.Pool)
            .AppendKey(in record.QuoteMint)
            .AppendValue((long?)record.ExpectedProfitLamports)
            .AppendValue((ulong?)record.ExpectedCostLamports)
            .AppendValue((ulong?)record.CapitalLamports)
            .AppendValue((long?)opportunity.ProfitLamports)
            .AppendValue((ulong?)opportunity.CostLamports)
            .AppendValue(opportunity.ActualCostLamports)
            .AppendValue(double.IsFinite(record.Confidence) && record.Confidence != 0 ? record.Confidence : null)
            .AppendValue((uint?)opportunity.Flags)
            .AppendValue(UnixTime.FromNanoseconds(record.DetectedNanoseconds))
            .AppendValue(opportunity.Executed)
            .AppendValue(opportunity.Success)
            .AppendValue((byte?)opportunity.Outcome)
            .AppendValue(opportunity.Metadata)
            .EndRow();
    }

    private void StoreOutcomes()
    {
        if (_rows.Outcomes.Count == 0)
        {
            return;
        }

        using (var appender = connection.Stage("staged_outcomes"))
        {
            foreach (var ((source, session, id), outcome) in _rows.Outcomes)
            {
                appender.CreateRow()
                    .AppendValue((uint?)source)
                    .AppendValue((ulong?)session)
                    .AppendValue((ulong?)id)
                    .AppendValue((byte?)outcome.Status)
                    .AppendValue((bool?)outcome.HasLanded)
                    .AppendValue(outcome.Executed)
                    .AppendValue((bool?)outcome.IsSuccess)
                    .AppendValue((long?)outcome.ProfitLamports)
                    .AppendValue((ulong?)outcome.CostLamports)
                    .EndRow();
            }
        }

        connection.Execute(ProjectionSql.SetOutcomes);
    }

    private void StoreMetrics()
    {
        if (_rows.Metrics.Count == 0)
        {
            return;
        }

        using (var appender = connection.Stage("staged_metrics"))
        {
            foreach (var (lsn, time, name, value, tags) in _rows.Metrics)
            {
                appender.CreateRow().AppendValue((ulong?)lsn).AppendValue(time).AppendValue(name).AppendValue(double.IsFinite(value) ? value : null).AppendValue(tags).EndRow();
            }
        }

        connection.Execute(ProjectionSql.InsertMetrics);
    }

    private void Execute(IEnumerable<string> statements)
    {
        foreach (var statement in statements)
        {
            connection.Execute(statement);
        }
    }
}
