using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>The statements of a tier source. Its partitions are those of the tables, so a condition on one reads one.</summary>
internal static class TierSql
{
    /// <summary>Partitions above this size are counted by their statistics, and looked at through their latest rows.</summary>
    public const long BigBytes = 64L << 20;

    private const int LatestRows = 65_536;
    private const int SlotsOfPiece = 4096;
    private const int Finalized = (int)SightingStage.Finalized;
    private const int Observed = (int)OpportunityFlags.Observed;

    /// <summary>Reads and deletes see what was there when the first statement began; a row that somebody changes behind it cannot be deleted.</summary>
    public const string Begin = "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL enable_seqscan = on; SET LOCAL jit = off";

    /// <summary>All partitions of all tables, with their size in bytes and rows as the statistics have them.</summary>
    public const string Partitions = """
        SELECT p.relname::text, c.relname::text, pg_relation_size(c.oid), c.reltuples::float8 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
        WHERE p.relkind = 'p' AND p.relnamespace = current_schema()::regnamespace
        """;

    private const string Zero = "timestamp '1970-01-01'";

    /// <summary>A table's rows of a partition, in the table's order: one statement after the other, none of which has to sort much.</summary>
    public static IEnumerable<string> Read(TableLayout layout, TierPartition partition)
    {
        var columns = string.Join(", ", layout.Table.Columns.Select(static c => c.Name));
        var order = string.Join(", ", layout.Table.OrderColumns.Select(static c => c.Type == ColumnType.UInt64 ? $"({c.Name} < 0), {c.Name}" : c.Name));

        // Only transactions have no index in this order, and are many.
        var (first, last) = (partition.First, partition.Range == HistoryRange.Slot ? Int128.Min(partition.Last, ulong.MaxValue) : partition.Last);
        var piece = layout == TableLayout.Transactions ? SlotsOfPiece : last - first + 1;
        for (var from = first; from <= last; from += piece)
        {
            var condition = Within(layout.Table, layout.Table.RangeColumn!.Name, partition.Range, from, Int128.Min(from + piece - 1, last));
            yield return $"COPY (SELECT {columns} FROM {layout.Table.Name} WHERE {condition} ORDER BY {order}) TO STDOUT (FORMAT BINARY)";
        }
    }

    public static string Delete(TableLayout layout, TierPartition partition) => $"DELETE FROM {layout.Rows} WHERE {Within(layout, partition)}";

    /// <summary>The stages of slots whose transactions are gone. They hold for none that comes later.</summary>
    public static string DeleteStages(TierPartition partition) => $"DELETE FROM slot_stages WHERE {Within(TableLayout.Transactions, partition)}";

    /// <summary>Days that the rows have for which there is no partition.</summary>
    public static string DaysOfRest(TableLayout layout)
    {
        var range = layout.Table.RangeColumn!.Name;
        var day = layout.Table.Range == HistoryRange.Slot
            ? $"trunc(({range}::numeric + CASE WHEN {range} < 0 THEN 18446744073709551616 ELSE 0 END) / {TierPartition.SlotsPerDay})::int8"
            : $"floor(extract(epoch FROM {range}) / 86400)::int8";
        return $"SELECT DISTINCT {day} FROM {Storage.Postgres.Partitions.Rest(layout)}";
    }

    public static string Count(TableLayout layout, TierPartition partition) => $"SELECT count(*) FROM {layout.Rows} WHERE {Within(layout, partition)}";

    /// <summary>The latest instant that a row states, in microseconds since the Unix epoch; null = none does.</summary>
    /// <param name="layout">The table.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="latest">Whether only the rows that were stored last are looked at.</param>
    public static string? Newest(TableLayout layout, TierPartition partition, bool latest)
    {
        var times = layout.Table.Columns.Where(c => c.Type == ColumnType.Timestamp && layout.Forms[c.Ordinal].Form != ColumnForm.BatchTime && !IsAhead(c)).Select(c => $"max({layout.Expression("r", c)})").ToList();
        return times.Count == 0 ? null : $"SELECT (extract(epoch FROM greatest({string.Join(", ", times)})) * 1000000)::int8 FROM {Rows(layout, partition, latest)}";
    }

    /// <summary>The greatest slot in the table that is not beyond the signed numbers; null = none.</summary>
    public static string LastSlot(TableLayout layout, TierPartition partition, bool latest) => $"SELECT max(r.slot) FROM {Rows(layout, partition, latest)} WHERE r.slot >= 0";

    /// <summary>The greatest slot that is known to be final; all below it are, or are no blocks.</summary>
    public static readonly string FinalSlot =
        $"SELECT greatest((SELECT max(slot) FROM slots_rows WHERE stage = {Finalized} AND slot >= 0), (SELECT max(slot) FROM blocks_rows WHERE stage = {Finalized} AND slot >= 0))";

    /// <summary>Whether a transaction can still come further; asked where nobody sends records of slots or blocks.</summary>
    public static string HasOpenTransaction(TierPartition partition) =>
        $"SELECT 1 FROM transactions WHERE {Within(TableLayout.Transactions, partition)} AND stage < {Finalized} LIMIT 1";

    /// <summary>Opportunities of engines that have no outcome yet; what was observed on chain never gets one.</summary>
    public static string OpenOutcomes(TierPartition partition) =>
        $"SELECT count(*) FROM mev_opportunities_rows WHERE {Within(TableLayout.Opportunities, partition)} AND outcome = 0 AND (flags & {Observed}) = 0";

    private static string Rows(TableLayout layout, TierPartition partition, bool latest) =>
        latest ? $"(SELECT * FROM {layout.Rows} WHERE {Within(layout, partition)} ORDER BY (lsn >> 5) DESC LIMIT {LatestRows}) r" : $"(SELECT * FROM {layout.Rows} WHERE {Within(layout, partition)}) r";

    // When an update ends to be wanted says nothing of when it was.
    private static bool IsAhead(HistoryColumn column) => column.Name == "expires";

    private static string Within(TableLayout layout, TierPartition partition) => Within(layout.Table, layout.Table.RangeColumn!.Name, partition.Range, partition.First, partition.Last);

    private static string Within(HistoryTable table, string column, HistoryRange range, Int128 first, Int128 last)
    {
        if (table.Range != range)
        {
            throw new ArgumentException($"{table.Name} is not divided by {range}.", nameof(range));
        }

        return range == HistoryRange.Slot
            ? ProjectionSql.Between(column, new SlotSpan((ulong)Int128.Min(first, ulong.MaxValue), (ulong)Int128.Min(last, ulong.MaxValue)))
            : string.Create(CultureInfo.InvariantCulture, $"{column} >= {Zero} + {first / TimeSpan.MicrosecondsPerDay} * interval '1 day' AND {column} < {Zero} + {(last + 1) / TimeSpan.MicrosecondsPerDay} * interval '1 day'");
    }
}
