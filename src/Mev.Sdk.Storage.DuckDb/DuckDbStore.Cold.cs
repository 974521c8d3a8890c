using System.Globalization;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb;

public sealed partial class DuckDbStore
{
    /// <summary>Deletes all rows that are not of some partitions: for a store that was filled with more than is asked about.</summary>
    internal async ValueTask KeepAsync(IReadOnlyList<TierPartition> partitions, CancellationToken cancellationToken) =>
        await ReadAsync(connection => Keep(connection, partitions), cancellationToken).ConfigureAwait(false);

    private static int Keep(DuckDBConnection connection, IReadOnlyList<TierPartition> partitions)
    {
        var deleted = 0;
        foreach (var table in HistoryTables.All)
        {
            var kept = partitions.Where(partition => partition.Range == table.Range).Select(partition => table.Range == HistoryRange.Slot
                ? string.Create(CultureInfo.InvariantCulture, $"{table.RangeColumn!.Name} BETWEEN {partition.First} AND {partition.Last}")
                : string.Create(CultureInfo.InvariantCulture, $"epoch_us({table.RangeColumn!.Name}) BETWEEN {partition.First} AND {partition.Last}"));
            var conditions = string.Join(" OR ", kept);
            deleted += connection.Execute($"DELETE FROM {table.Name}{(conditions.Length == 0 ? "" : $" WHERE NOT ({conditions})")}");
        }

        return deleted;
    }
}
