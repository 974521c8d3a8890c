using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Writes the rows of one transaction over the projector's connection.</summary>
/// <remarks>After any failure the connection, the ids and the filter of the rows must be made anew.</remarks>
internal sealed class PostgresProjection(NpgsqlConnection connection, Partitions partitions, NameIds names, ProjectedRows rows)
{
    /// <summary>LSNs for which it is remembered which row a repeat belongs to; a start of the journal may skip half of them.</summary>
    private const ulong RepeatWindow = 1UL << 21;
    private const ulong RepeatSweep = 1UL << 18;
    private const string StagedTransactions = "staged_transactions";

    private bool _hasRepeats;

    public int InsertedTransactions { get; private set; }

    public int InsertedOpportunities { get; private set; }

    public int InsertedObservedOpportunities { get; private set; }

    /// <summary>Bytes sent as rows.</summary>
    public long SentBytes { get; private set; }

    /// <summary>The day that most rows of a table were of, for those that got any.</summary>
    public Dictionary<TableLayout, long> UsualDays { get; } = [];

    /// <summary>Stores all runs of the rows and the checkpoint.</summary>
    /// <param name="from">The checkpoint before.</param>
    /// <param name="to">The checkpoint after.</param>
    /// <param name="unixMicroseconds">When the rows are stored.</param>
    /// <param name="cancellationToken">Gives up; nothing is stored then.</param>
    public async Task ApplyAsync(Lsn from, Lsn to, long unixMicroseconds, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        while (rows.NextRun())
        {
            await StoreRunAsync(cancellationToken).ConfigureAwait(false);
        }

        await SetCheckpointAsync(from, to, unixMicroseconds, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task StoreRunAsync(CancellationToken cancellationToken)
    {
        var (firsts, repeats) = (new RowScan(TableLayout.Transactions, rows.FirstSightings, names), new RowScan(TableLayout.Transactions, rows.RepeatedSightings, names));
        var opportunities = new RowScan(TableLayout.Opportunities, rows.Opportunities, names);
        var appended = rows.Appended.Where(static r => r.RowCount > 0).Select(static r => (Rows: r, Layout: TableLayout.Of(r.Table))).Select(static a => (a.Rows, a.Layout, Scan: new RowScan(a.Layout, a.Rows, null))).ToArray();
        foreach (var (layout, scan) in (IEnumerable<(TableLayout, RowScan)>)[(TableLayout.Transactions, repeats), (TableLayout.Transactions, firsts), (TableLayout.Opportunities, opportunities), .. appended.Select(static a => (a.Layout, a.Scan))])
        {
            await partitions.EnsureAsync(connection, layout, scan.Days, cancellationToken).ConfigureAwait(false);
            if (scan.Usual is { } day)
            {
                UsualDays[layout] = day;
            }
        }

        await names.ResolveAsync(connection, cancellationToken).ConfigureAwait(false);
        _hasRepeats = false;
        await StoreTransactionsAsync(firsts, repeats, cancellationToken).ConfigureAwait(false);
        await StoreSlotsAsync(cancellationToken).ConfigureAwait(false);
        await StoreScoresAsync(cancellationToken).ConfigureAwait(false);
        await StoreOpportunitiesAsync(opportunities, cancellationToken).ConfigureAwait(false);
        foreach (var (buffer, layout, scan) in appended)
        {
            await CopyAsync(layout.Rows, layout, buffer, scan.Ids, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task StoreTransactionsAsync(RowScan firsts, RowScan repeats, CancellationToken cancellationToken)
    {
        var slots = rows.TransactionSlots;
        var inserted = 0;
        if (rows.FirstSightings.RowCount > 0)
        {
            using var encoded = new CopyBuffer();
            var starts = new List<int>(rows.FirstSightings.RowCount + 1);

            // The server looks while the rows are encoded.
            var finding = FindKnownAsync(firsts.Prefixes, slots, cancellationToken);
            new RowCopy(TableLayout.Transactions, firsts.Ids).Append(rows.FirstSightings, encoded, starts);
            starts.Add(encoded.Length);
            var known = Confirm(await finding.ConfigureAwait(false));
            inserted = rows.FirstSightings.RowCount - known.Count;
            InsertedTransactions += inserted;
            await SendAsync(TableLayout.Transactions.Rows, Parts(encoded, starts, known, wanted: false), cancellationToken).ConfigureAwait(false);
            if (known.Count > 0)
            {
                // Known to the table but not to the filter, which starts empty: they may still bring something new.
                await SendAsync(StagedTransactions, Parts(encoded, starts, known, wanted: true), cancellationToken).ConfigureAwait(false);
                await UpgradeAsync(slots, cancellationToken).ConfigureAwait(false);
            }
        }

        if (rows.RepeatedSightings.RowCount > 0)
        {
            await CopyAsync(StagedTransactions, TableLayout.Transactions, rows.RepeatedSightings, repeats.Ids, cancellationToken).ConfigureAwait(false);
            await UpgradeAsync(slots, cancellationToken).ConfigureAwait(false);
        }

        if (inserted > 0)
        {
            await connection.ExecuteAsync(ProjectionSql.ResolveOpportunities(slots, rows.FirstLsn), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task UpgradeAsync(SlotSpan slots, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(ProjectionSql.UpgradeTransactions(slots), cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(ProjectionSql.NoteRepeats(slots) + "; TRUNCATE " + StagedTransactions, cancellationToken).ConfigureAwait(false);
        _hasRepeats = true;
    }

    // Rows whose first 8 bytes the table has, with the other 56 that it has, and where.
    private async Task<List<(int Row, byte[] Tail, ulong Slot)>> FindKnownAsync(long[] prefixes, SlotSpan slots, CancellationToken cancellationToken)
    {
        var found = new List<(int, byte[], ulong)>();
        var command = connection.Command(ProjectionSql.FindKnown(slots));
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = prefixes, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            found.Add((reader.GetInt32(0) - 1, reader.GetFieldValue<byte[]>(1), (ulong)reader.GetInt64(2)));
        }

        return found;
    }

    private HashSet<int> Confirm(List<(int Row, byte[] Tail, ulong Slot)> found)
    {
        var known = new HashSet<int>();
        if (found.Count == 0)
        {
            return known;
        }

        var tails = found.ToLookup(static f => f.Row);
        var signature = HistoryTables.Transactions["signature"].Ordinal;
        for (var reader = rows.FirstSightings.Read(); reader.NextRow();)
        {
            if (!tails.Contains(reader.RowIndex))
            {
                continue;
            }

            while (reader.Column < signature)
            {
                reader.Skip();
            }

            var tail = reader.ReadSignature()[sizeof(long)..];
            var slot = reader.ReadUInt64();
            foreach (var candidate in tails[reader.RowIndex])
            {
                if (tail.SequenceEqual(candidate.Tail) && (slot > candidate.Slot ? slot - candidate.Slot : candidate.Slot - slot) <= SlotSpan.Margin)
                {
                    known.Add(reader.RowIndex);
                }
            }
        }

        return known;
    }

    // Neighbours in one piece.
    private static IEnumerable<ReadOnlyMemory<byte>> Parts(CopyBuffer encoded, List<int> starts, HashSet<int> known, bool wanted)
    {
        var from = 0;
        for (var row = 0; row < starts.Count - 1; row++)
        {
            if (known.Contains(row) != wanted)
            {
                if (starts[row] > from)
                {
                    yield return encoded.Memory[from..starts[row]];
                }

                from = starts[row + 1];
            }
        }

        if (starts[^1] > from)
        {
            yield return encoded.Memory[from..starts[^1]];
        }
    }

    private async Task StoreSlotsAsync(CancellationToken cancellationToken)
    {
        if (rows.SlotStages.RowCount == 0)
        {
            return;
        }

        await CopyAsync(MergeTables.SlotStages.Name, TableLayout.Staging(MergeTables.SlotStages), rows.SlotStages, new IdList(), cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(ProjectionSql.AdvanceSlots(rows.LastLsn) + "; TRUNCATE staged_slots", cancellationToken).ConfigureAwait(false);
    }

    // All but those that went into the table with their row: scores of earlier transactions, and of repeated sightings.
    private async Task StoreScoresAsync(CancellationToken cancellationToken)
    {
        if (rows.Scores.RowCount == 0 || (!rows.HasScoresToMerge && !_hasRepeats))
        {
            return;
        }

        var models = new IdList();
        for (var reader = rows.Scores.Read(); reader.NextRow();)
        {
            reader.Skip();
            reader.Skip();
            names.Note(reader.ReadText(), models);
        }

        await names.ResolveAsync(connection, cancellationToken).ConfigureAwait(false);
        await CopyAsync(MergeTables.Scores.Name, TableLayout.Staging(MergeTables.Scores), rows.Scores, models, cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(ProjectionSql.ResolveScores, cancellationToken).ConfigureAwait(false);
        var open = (int)(await connection.ScalarAsync(ProjectionSql.CountScored, cancellationToken).ConfigureAwait(false))!;

        // An LSN says nothing of the partition, but what is scored came lately.
        var newestFirst = partitions.Days(TableLayout.Transactions).Reverse().Select(static d => Partitions.NameOf(TableLayout.Transactions, d)).Append(Partitions.Rest(TableLayout.Transactions));
        foreach (var partition in newestFirst)
        {
            if (open <= 0)
            {
                break;
            }

            open -= await connection.ExecuteAsync(ProjectionSql.SetScores(partition), cancellationToken).ConfigureAwait(false);
        }

        await connection.ExecuteAsync("TRUNCATE staged_scores", cancellationToken).ConfigureAwait(false);
    }

    private async Task StoreOpportunitiesAsync(RowScan scan, CancellationToken cancellationToken)
    {
        if (rows.Opportunities.RowCount > 0)
        {
            await CopyAsync("staged_opportunities", TableLayout.Opportunities, rows.Opportunities, scan.Ids, cancellationToken).ConfigureAwait(false);
            var inserted = await connection.ExecuteAsync(ProjectionSql.InsertOpportunities(rows.OpportunitySlots), cancellationToken).ConfigureAwait(false);
            await connection.ExecuteAsync("TRUNCATE staged_opportunities", cancellationToken).ConfigureAwait(false);

            // Reported ones are all stored; of the observed ones, those that are not there yet.
            InsertedOpportunities += inserted;
            InsertedObservedOpportunities += inserted - rows.ReportedOpportunities;
        }

        if (rows.OutcomesToMerge.RowCount > 0)
        {
            await CopyAsync(MergeTables.Outcomes.Name, TableLayout.Staging(MergeTables.Outcomes), rows.OutcomesToMerge, new IdList(), cancellationToken).ConfigureAwait(false);
            await connection.ExecuteAsync(ProjectionSql.SetOutcomes + "; TRUNCATE staged_outcomes", cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SetCheckpointAsync(Lsn from, Lsn to, long unixMicroseconds, CancellationToken cancellationToken)
    {
        if (InsertedTransactions > 0)
        {
            await connection.ExecuteAsync(ProjectionSql.NoteBatch(to, unixMicroseconds), cancellationToken).ConfigureAwait(false);
        }

        // Now and then, so that most transactions need not look.
        if (from.Value / RepeatSweep != to.Value / RepeatSweep && to.Value > RepeatWindow)
        {
            await connection.ExecuteAsync(ProjectionSql.ForgetRepeats(to.Value - RepeatWindow), cancellationToken).ConfigureAwait(false);
        }

        var sql = ProjectionSql.SetCheckpoint(from, to, InsertedTransactions, InsertedOpportunities, InsertedObservedOpportunities);
        if (await connection.ExecuteAsync(sql, cancellationToken).ConfigureAwait(false) != 1)
        {
            throw new InvalidOperationException($"The checkpoint of the database is no longer {from}: another projector writes to it. Stop one of them, or give it another schema (Mev:Storage:Postgres:Schema).");
        }
    }

    private async Task CopyAsync(string table, TableLayout layout, RowBuffer buffer, IdList ids, CancellationToken cancellationToken)
    {
        using var encoded = new CopyBuffer();
        new RowCopy(layout, ids).Append(buffer, encoded);
        SentBytes += encoded.Length;
        await connection.CopyAsync(table, layout.ColumnList, [encoded.Memory], cancellationToken).ConfigureAwait(false);
    }

    private async Task SendAsync(string table, IEnumerable<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        var all = parts.ToList();
        if (all.Count > 0)
        {
            SentBytes += all.Sum(static p => (long)p.Length);
            await connection.CopyAsync(table, TableLayout.Transactions.ColumnList, all, cancellationToken).ConfigureAwait(false);
        }
    }
}
