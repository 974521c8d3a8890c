using DuckDB.NET.Data;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Merges the rows of one transaction over an open connection.</summary>
/// <param name="connection">The connection.</param>
/// <param name="rows">Begun with the batches of the transaction.</param>
/// <param name="cover">Which rows of the table the filter of <paramref name="rows"/> knows; of no use any more when the transaction fails.</param>
internal sealed class Projection(DuckDBConnection connection, ProjectedRows rows, FilterCover cover)
{
    /// <summary>LSNs for which it is remembered which row a repeat belongs to; a start of the journal may skip half of them.</summary>
    private const ulong RepeatWindow = 1UL << 21;
    private const ulong RepeatSweep = 1UL << 18;

    private bool _hasRepeats;
    private Lsn _advanceBefore;

    public long InsertedTransactions { get; private set; }

    public long InsertedOpportunities { get; private set; }

    public long InsertedObservedOpportunities { get; private set; }

    /// <summary>Stores all runs and the checkpoint.</summary>
    /// <param name="first">The first record.</param>
    /// <param name="checkpoint">The last one.</param>
    public void Apply(Lsn first, Lsn checkpoint)
    {
        using var transaction = connection.BeginTransaction();
        while (rows.NextRun())
        {
            cover.Note(rows.FirstLsn, rows.LastLsn, rows.FirstSightings.RowCount);
            MergeTransactions();
            MergeSlots();
            MergeScores();
            MergeOpportunities();
            MergeOutcomes();
            foreach (var appended in rows.Appended)
            {
                RowLoader.Load(connection, null, appended.Table.Name, appended);
            }
        }

        connection.Execute(ProjectionSql.SetCheckpoint(checkpoint, InsertedTransactions, InsertedOpportunities, InsertedObservedOpportunities));
        ForgetRepeats(first, checkpoint);
        transaction.Commit();
    }

    private void MergeTransactions()
    {
        (_hasRepeats, _advanceBefore) = (false, new Lsn(ulong.MaxValue));
        var slots = rows.TransactionSlots;
        var inserted = 0;
        if (rows.FirstSightings.RowCount > 0)
        {
            inserted = InsertFirstSightings(slots);
            InsertedTransactions += inserted;
        }

        if (rows.RepeatedSightings.RowCount > 0)
        {
            connection.Stage(Schema.StagedRepeats, rows.RepeatedSightings);
            Upgrade(Schema.StagedRepeats);
        }

        if (inserted > 0 && connection.Any(ProjectionSql.UnresolvedOpportunities(slots)))
        {
            connection.Execute(ProjectionSql.ResolveOpportunities(slots, rows.FirstLsn));
        }
    }

    // Nearly always the filter knows all rows that these could be repeats of. Then they go straight into the table.
    private int InsertFirstSightings(SlotSpan slots)
    {
        var first = rows.FirstSightings;
        if (!connection.Any(ProjectionSql.RowsBefore(cover.From, slots)))
        {
            _advanceBefore = rows.AdvanceFirstSightings() ? rows.FirstLsn : new Lsn(ulong.MaxValue);
            RowLoader.Load(connection, null, first.Table.Name, first);
            return first.RowCount;
        }

        connection.Stage(Schema.StagedTransactions, first);
        var inserted = connection.Execute(ProjectionSql.InsertTransactions(cover.From, slots));
        if (inserted < first.RowCount)
        {
            // Known to the table but not to the filter, which starts empty: they may still bring something new.
            Upgrade(Schema.StagedTransactions);
        }

        return inserted;
    }

    private void Upgrade(string staged)
    {
        foreach (var statement in ProjectionSql.UpgradeTransactions(staged, rows.TransactionSlots))
        {
            connection.Execute(statement);
        }

        connection.Execute(ProjectionSql.NoteRepeats(staged, rows.TransactionSlots));
        _hasRepeats = true;
    }

    private void MergeSlots()
    {
        if (rows.SlotStages.RowCount > 0)
        {
            connection.Stage(MergeTables.SlotStages.Name, rows.SlotStages);
            connection.Execute(ProjectionSql.AdvanceSlots(_advanceBefore, rows.StageSlots));
        }
    }

    // All but those that went into the table with their row: scores of earlier transactions, and of repeated sightings.
    private void MergeScores()
    {
        if (rows.Scores.RowCount == 0 || (!_hasRepeats && !rows.HasScoresToMerge))
        {
            return;
        }

        connection.Stage(MergeTables.Scores.Name, rows.Scores);
        connection.Execute("DELETE FROM temp.resolved_scores");
        connection.Execute(ProjectionSql.ResolveScores(rows.FirstScoredLsn, rows.LastScoredLsn));
        if (GetScoredRows() is (var first, var last))
        {
            connection.Execute(ProjectionSql.SetScores(first, last));
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

    private void MergeOpportunities()
    {
        if (rows.Opportunities.RowCount == 0)
        {
            return;
        }

        connection.Stage(Schema.StagedOpportunities, rows.Opportunities);
        var inserted = connection.Execute(ProjectionSql.InsertOpportunities(rows.OpportunitySlots));
        InsertedOpportunities += inserted;

        // Reported ones are all stored; of the observed ones, those that are not there yet.
        InsertedObservedOpportunities += inserted - rows.ReportedOpportunities;
    }

    private void MergeOutcomes()
    {
        if (rows.OutcomesToMerge.RowCount > 0)
        {
            connection.Stage(MergeTables.Outcomes.Name, rows.OutcomesToMerge);
            connection.Execute(ProjectionSql.SetOutcomes);
        }
    }
}
