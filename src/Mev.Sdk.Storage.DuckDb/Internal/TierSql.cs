using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb.Internal;

/// <summary>The statements by which partitions are listed, read and emptied; made of names of the catalogue and of numbers.</summary>
internal static class TierSql
{
    private const int Processed = (int)SightingStage.Processed;
    private const int Confirmed = (int)SightingStage.Confirmed;
    private const int Finalized = (int)SightingStage.Finalized;
    private const int Observed = (int)OpportunityFlags.Observed;
    private const long MicrosecondsPerDay = 86_400_000_000;

    // A piece of a partition that is counted by itself: small enough to be sorted in memory.
    private const int Buckets = 1024;

    /// <summary>One row a partition that a table has rows in: day, rows, latest time in microseconds, last slot that may still change, last rooted slot, last slot, opportunities without an outcome.</summary>
    public static string Facts(HistoryTable table)
    {
        var day = table.Range == HistoryRange.Slot
            ? $"CAST({table.RangeColumn!.Name} // {TierPartition.SlotsPerDay} AS BIGINT)"
            : $"(epoch_us({table.RangeColumn!.Name}) - (epoch_us({table.RangeColumn!.Name}) % {MicrosecondsPerDay} + {MicrosecondsPerDay}) % {MicrosecondsPerDay}) // {MicrosecondsPerDay}";
        var newest = table.Range == HistoryRange.Time ? table.RangeColumn!.Name : TimeOf(table);
        var (isTransactions, isSlot) = (ReferenceEquals(table, HistoryTables.Transactions), table.Range == HistoryRange.Slot);
        var hasStage = isTransactions || ReferenceEquals(table, HistoryTables.Slots) || ReferenceEquals(table, HistoryTables.Blocks);
        return $"""
            SELECT {day}, count(*), {(newest is null ? "NULL::BIGINT" : $"max(epoch_us({newest}))")},
                {(isTransactions ? $"max(slot) FILTER (stage IN ({Processed}, {Confirmed}))" : "NULL::UBIGINT")},
                {(hasStage ? $"max(slot) FILTER (stage = {Finalized})" : "NULL::UBIGINT")},
                {(isSlot ? "max(slot)" : "NULL::UBIGINT")},
                {(ReferenceEquals(table, HistoryTables.MevOpportunities) ? $"count(*) FILTER (outcome = 0 AND (flags & {Observed}) = 0)" : "0::BIGINT")}
            FROM {From(table)} GROUP BY 1
            """;
    }

    /// <summary>How many rows each piece of a partition has, those without rows left out: number of the piece and count, ascending.</summary>
    public static string Count(HistoryTable table, TierPartition partition) => $"""
        SELECT CAST(({Position(table)} - {Number(First(partition))}) // {Width(partition)} AS BIGINT) AS piece, count(*) FROM {From(table)} WHERE {Within(table, First(partition), Last(partition))} GROUP BY 1 ORDER BY 1
        """;

    /// <summary>Rows of some pieces of a partition, in the table's order.</summary>
    public static string Read(HistoryTable table, TierPartition partition, long firstPiece, long lastPiece)
    {
        var width = Width(partition);
        var (first, last) = (First(partition) + (firstPiece * width), Int128.Min(Last(partition), First(partition) + ((lastPiece + 1) * width) - 1));
        return $"""
            SELECT {string.Join(", ", table.Columns.Select(static c => c.Name))} FROM {From(table)} WHERE {Within(table, first, last)} ORDER BY {string.Join(", ", table.OrderColumns.Select(static c => c.Name))}
            """;
    }

    public static string Delete(HistoryTable table, TierPartition partition) => $"DELETE FROM {table.Name} WHERE {Within(table, First(partition), Last(partition))}";

    private static string From(HistoryTable table) => table.Name;

    // Of its block, of what it observed; not when the host looked at it, which says nothing about its age.
    private static string? TimeOf(HistoryTable table) => table.Name switch
    {
        "transactions" or "blocks" => "block_time",
        "mev_opportunities" => "detected",
        "outcomes" => "completed",
        "slots" => "time",
        _ => null,
    };

    private static Int128 First(TierPartition partition) => partition.First;

    private static Int128 Last(TierPartition partition) => Int128.Min(partition.Last, partition.Range == HistoryRange.Slot ? ulong.MaxValue : long.MaxValue);

    private static Int128 Width(TierPartition partition) => (Last(partition) - First(partition) + Buckets) / Buckets;

    private static string Position(HistoryTable table) => table.Range == HistoryRange.Slot ? $"{table.RangeColumn!.Name}::HUGEINT" : $"epoch_us({table.RangeColumn!.Name})";

    private static string Within(HistoryTable table, Int128 first, Int128 last) => table.Range == HistoryRange.Slot
        ? $"{table.RangeColumn!.Name} BETWEEN {Number(first)}::UBIGINT AND {Number(last)}::UBIGINT"
        : $"{table.RangeColumn!.Name} BETWEEN make_timestamp({Number(first)}::BIGINT) AND make_timestamp({Number(last)}::BIGINT)";

    private static string Number(Int128 number) => number.ToString(CultureInfo.InvariantCulture);
}
