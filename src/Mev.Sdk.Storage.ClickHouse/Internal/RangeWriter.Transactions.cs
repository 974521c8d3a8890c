using System.Buffers.Binary;
using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

internal sealed partial class RangeWriter
{
    private static readonly string TransactionColumns = Sql.Columns(HistoryTables.Transactions);

    /// <returns>The rows that were inserted.</returns>
    private async ValueTask<ReadOnlyMemory<byte>?> StoreTransactionsAsync(CancellationToken cancellationToken)
    {
        var known = await FindStoredAsync(cancellationToken).ConfigureAwait(false);
        using var rest = known.Count > 0 ? new RowBuffer(HistoryTables.Transactions) : null;
        ulong lastSlot = 0;
        AddFirst(known, rest, ref lastSlot);
        var inserted = rest ?? rows.FirstSightings;
        await InsertAsync(Into[HistoryTables.Transactions], HistoryTables.Transactions.Name, inserted.RowCount, inserted.Memory, counted: true, cancellationToken).ConfigureAwait(false);
        session.Recent.EndRange(rows.FirstLsn.Value, inserted.RowCount, lastSlot);
        InsertedTransactions = (ulong)inserted.RowCount;
        AddRepeats();
        await StoreRepeatsAsync(cancellationToken).ConfigureAwait(false);
        return inserted.RowCount == 0 || session.Unresolved.Count == 0 ? null : rest is null ? inserted.Memory : inserted.Bytes.ToArray();
    }

    // Which of the first sightings the table holds from before the filter began, or from before what it remembers: row by the signature's prefix.
    private async ValueTask<Dictionary<ulong, (ulong Lsn, ulong Slot)>> FindStoredAsync(CancellationToken cancellationToken)
    {
        var stored = new Dictionary<ulong, (ulong Lsn, ulong Slot)>();
        var span = rows.TransactionSlots;
        if (rows.FirstSightings.RowCount == 0 || session.Recent.OlderSlot is not { } older || older < span.First)
        {
            return stored;
        }

        var wanted = new Dictionary<ulong, (ulong Lsn, ulong Slot)>(rows.FirstSightings.RowCount);
        for (var reader = rows.FirstSightings.Read(); reader.NextRow();)
        {
            var lsn = reader.ReadUInt64();
            reader.Skip();
            wanted[RecentRows.PrefixOf(reader.ReadSignature())] = (lsn, reader.ReadUInt64());
        }

        using var answer = await connection.QueryAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT reinterpretAsUInt64(substring(signature, 1, 8)), lsn, slot FROM transactions WHERE {Sql.Within(span)} AND lsn < {Math.Min(session.Recent.KnownFrom, rows.FirstLsn.Value)}"),
            cancellationToken,
            Sql.Final).ConfigureAwait(false);
        for (var left = answer.Span; !left.IsEmpty; left = left[(3 * sizeof(ulong))..])
        {
            var prefix = BinaryPrimitives.ReadUInt64LittleEndian(left);
            var lsn = BinaryPrimitives.ReadUInt64LittleEndian(left[sizeof(ulong)..]);
            var slot = BinaryPrimitives.ReadUInt64LittleEndian(left[(2 * sizeof(ulong))..]);
            if (wanted.TryGetValue(prefix, out var sighting) && lsn < sighting.Lsn && Stages.AreNear(slot, sighting.Slot) && (!stored.TryGetValue(prefix, out var other) || lsn < other.Lsn))
            {
                stored[prefix] = (lsn, slot);
            }
        }

        return stored;
    }

    private void AddFirst(Dictionary<ulong, (ulong Lsn, ulong Slot)> known, RowBuffer? rest, ref ulong lastSlot)
    {
        var memory = rows.FirstSightings.Memory;
        var at = 0;
        for (var reader = rows.FirstSightings.Read(); reader.NextRow();)
        {
            var row = reader.Row;
            var lsn = reader.ReadUInt64();
            reader.Skip();
            var prefix = RecentRows.PrefixOf(reader.ReadSignature());
            var slot = reader.ReadUInt64();
            lastSlot = Math.Max(lastSlot, slot);
            if (known.TryGetValue(prefix, out var stored))
            {
                session.Recent.Set(prefix, stored.Lsn, stored.Slot);
                Change(stored.Lsn).Sightings.Add(memory.Slice(at, row.Length));
                _repeats[lsn] = stored.Lsn;
            }
            else
            {
                session.Recent.Set(prefix, lsn, slot);
                rest?.AddRow(row);
            }

            at += row.Length;
        }
    }

    private void AddRepeats()
    {
        var memory = rows.RepeatedSightings.Memory;
        var at = 0;
        for (var reader = rows.RepeatedSightings.Read(); reader.NextRow();)
        {
            var length = reader.Row.Length;
            var lsn = reader.ReadUInt64();
            reader.Skip();
            var prefix = RecentRows.PrefixOf(reader.ReadSignature());
            if (session.Recent.TryGet(prefix, out var stored) && stored.Lsn < lsn && Stages.AreNear(stored.Slot, reader.ReadUInt64()))
            {
                Change(stored.Lsn).Sightings.Add(memory.Slice(at, length));
                _repeats[lsn] = stored.Lsn;
            }

            at += length;
        }
    }

    private async ValueTask StoreRepeatsAsync(CancellationToken cancellationToken)
    {
        var buffer = new VersionBuffer();
        foreach (var (lsn, first) in _repeats)
        {
            buffer.AddNumbers(lsn, first);
        }

        await InsertAsync($"{TableNames.Repeats} (lsn, first_lsn)", TableNames.Repeats, buffer.RowCount, buffer.Memory, counted: true, cancellationToken).ConfigureAwait(false);
    }

    // Scores of sightings whose rows are stored already; those of repeats are led to the first sighting.
    private async ValueTask CollectScoresAsync(CancellationToken cancellationToken)
    {
        if (rows.Scores.RowCount == 0 || (!rows.HasScoresToMerge && _repeats.Count == 0))
        {
            return;
        }

        using var repeats = await connection.QueryAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT lsn, first_lsn FROM {TableNames.Repeats} WHERE lsn BETWEEN {rows.FirstScoredLsn.Value} AND {rows.LastScoredLsn.Value}"), cancellationToken).ConfigureAwait(false);
        for (var left = repeats.Span; !left.IsEmpty; left = left[(2 * sizeof(ulong))..])
        {
            _repeats.TryAdd(BinaryPrimitives.ReadUInt64LittleEndian(left), BinaryPrimitives.ReadUInt64LittleEndian(left[sizeof(ulong)..]));
        }

        CollectScores();
    }

    private void CollectScores()
    {
        var split = new RowSplit(MergeTables.Scores);
        var (score, model) = (MergeTables.Scores["score"], MergeTables.Scores["model_version"]);

        // The greatest of each row counts, also when it is one that is in the row already.
        var last = new Dictionary<ulong, (ulong Ordinal, bool InRow, byte[] Columns)>();
        for (var reader = rows.Scores.Read(); reader.NextRow();)
        {
            var row = reader.Row;
            split.Walk(row);
            var lsn = reader.ReadUInt64();
            reader.Skip();
            reader.Skip();
            var ordinal = reader.ReadUInt64();
            var inRow = reader.ReadBoolean();
            if (_repeats.TryGetValue(lsn, out var first))
            {
                (lsn, inRow) = (first, false);
            }

            if (!last.TryGetValue(lsn, out var other) || ordinal > other.Ordinal)
            {
                last[lsn] = (ordinal, inRow, inRow ? [] : [0, .. split.Value(row, score), 0, .. split.Value(row, model)]);
            }
        }

        foreach (var (lsn, (ordinal, inRow, columns)) in last)
        {
            if (!inRow)
            {
                (Change(lsn).Score, Change(lsn).ScoreOrdinal) = (columns, ordinal);
            }
        }
    }

    private RowChange Change(ulong lsn)
    {
        if (!_changes.TryGetValue(lsn, out var change))
        {
            _changes[lsn] = change = new RowChange();
        }

        return change;
    }

    private async ValueTask StoreChangesAsync(CancellationToken cancellationToken)
    {
        var changed = new VersionBuffer();
        var split = new RowSplit(HistoryTables.Transactions);
        var merge = new TransactionMerge();
        var (slotColumn, stageColumn, signatureColumn) = (HistoryTables.Transactions["slot"], HistoryTables.Transactions["stage"], HistoryTables.Transactions["signature"]);
        foreach (var condition in Sql.In("lsn", _changes.Keys))
        {
            using var answer = await connection.QueryAsync(
                $"SELECT {TransactionColumns}, {TableNames.FirstSlot}, {TableNames.Version} FROM transactions WHERE {condition}", cancellationToken, Sql.Final).ConfigureAwait(false);
            var bytes = answer.Memory;
            var slots = new HashSet<ulong>();
            for (var at = 0; at < bytes.Length; at += split.Length + (2 * sizeof(ulong)))
            {
                var row = bytes.Span[at..];
                slots.Add(BinaryPrimitives.ReadUInt64LittleEndian(split.Walk(row).Value(row, slotColumn)));
            }

            var stages = await GetStagesAsync(connection, slots, cancellationToken).ConfigureAwait(false);
            for (var at = 0; at < bytes.Length; at += split.Length + (2 * sizeof(ulong)))
            {
                var row = bytes.Span[at..];
                split.Walk(row);
                var lsn = BinaryPrimitives.ReadUInt64LittleEndian(row);
                var firstSlot = BinaryPrimitives.ReadUInt64LittleEndian(row[split.Length..]);
                var version = BinaryPrimitives.ReadUInt64LittleEndian(row[(split.Length + sizeof(ulong))..]);
                var stage = (SightingStage)split.Value(row, stageColumn)[0];
                if (stages.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(split.Value(row, slotColumn)), out var slot) && slot.Lsn <= session.Checkpoint.Value)
                {
                    // A stage of later is of a range that was not finished: it comes again.
                    stage = Stages.Effective(stage, version, slot);
                }

                if (merge.TryMerge(bytes.Slice(at, split.Length), stage, firstSlot, _changes[lsn]))
                {
                    changed.Add(merge.Pieces, firstSlot, checkpoint.Value);
                    session.Recent.Set(RecentRows.PrefixOf(split.Value(row, signatureColumn)), lsn, merge.Slot);
                }
            }
        }

        await InsertAsync(
            $"transactions ({TransactionColumns}, {TableNames.FirstSlot}, {TableNames.Version})", HistoryTables.Transactions.Name, changed.RowCount, changed.Memory, counted: false, cancellationToken, "+").ConfigureAwait(false);
    }

    /// <summary>The stages that slot records brought slots to.</summary>
    public static async ValueTask<Dictionary<ulong, SlotStage>> GetStagesAsync(ClickHouseConnection connection, IReadOnlyCollection<ulong> slots, CancellationToken cancellationToken)
    {
        const int RowBytes = sizeof(ulong) + 1 + sizeof(ulong);
        var stages = new Dictionary<ulong, SlotStage>();
        foreach (var condition in Sql.In("slot", slots))
        {
            using var answer = await connection.QueryAsync(
                $"SELECT slot, stage, {TableNames.Version} FROM {TableNames.SlotStages} WHERE {condition}", cancellationToken, Sql.Final).ConfigureAwait(false);
            for (var left = answer.Span; !left.IsEmpty; left = left[RowBytes..])
            {
                stages[BinaryPrimitives.ReadUInt64LittleEndian(left)] = new SlotStage((SightingStage)left[sizeof(ulong)], BinaryPrimitives.ReadUInt64LittleEndian(left[(sizeof(ulong) + 1)..]));
            }
        }

        return stages;
    }

    // Stages of slots stay beside the transactions, one small row a slot, and are joined when they are read: a slot's two thousand rows are not written again for each step.
    private async ValueTask StoreStagesAsync(CancellationToken cancellationToken)
    {
        if (rows.SlotStages.RowCount == 0)
        {
            return;
        }

        var news = new Dictionary<ulong, SightingStage>(rows.SlotStages.RowCount);
        for (var reader = rows.SlotStages.Read(); reader.NextRow();)
        {
            news[reader.ReadUInt64()] = (SightingStage)reader.ReadUInt8();
        }

        var before = await GetStagesAsync(connection, news.Keys, cancellationToken).ConfigureAwait(false);
        var buffer = new VersionBuffer();
        foreach (var (slot, stage) in news)
        {
            buffer.AddStage(slot, new SlotStage(before.TryGetValue(slot, out var known) ? Stages.Fold(known.Stage, stage) : stage, checkpoint.Value));
        }

        await InsertAsync($"{TableNames.SlotStages} (slot, stage, {TableNames.Version})", TableNames.SlotStages, buffer.RowCount, buffer.Memory, counted: false, cancellationToken).ConfigureAwait(false);
    }
}
