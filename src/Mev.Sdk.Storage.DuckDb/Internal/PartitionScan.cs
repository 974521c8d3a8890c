using DuckDB.NET.Data;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb.Internal;

/// <summary>A table's rows of a partition in its order, within one transaction: piece by piece, so that a day of them is never sorted at once.</summary>
internal static class PartitionScan
{
    // Rows that are sorted at a time, unless a piece alone has more.
    private const long SortedRows = 1 << 16;
    private const int RowsAtOnce = 8192;

    /// <summary>Reads the rows as the open transaction sees them.</summary>
    /// <param name="connection">With an open transaction.</param>
    /// <param name="table">The table.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="buffer">Takes the rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many rows are in the buffer, once each time it was filled.</returns>
    public static IEnumerable<int> Read(DuckDBConnection connection, HistoryTable table, TierPartition partition, RowBuffer buffer, CancellationToken cancellationToken)
    {
        foreach (var (first, last) in Divide(connection, table, partition))
        {
            using var rows = RowFetcher.Open(connection, TierSql.Read(table, partition, first, last), table);
            while (rows.Fill(buffer, RowsAtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return buffer.RowCount;
            }
        }
    }

    private static List<(long First, long Last)> Divide(DuckDBConnection connection, HistoryTable table, TierPartition partition)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by TierSql: names of the catalogue and numbers.
        command.CommandText = TierSql.Count(table, partition);
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var spans = new List<(long First, long Last)>();
        var rows = SortedRows;
        while (reader.Read())
        {
            var (piece, count) = (reader.GetInt64(0), reader.GetInt64(1));
            if (rows + count > SortedRows)
            {
                spans.Add((piece, piece));
                rows = 0;
            }

            spans[^1] = (spans[^1].First, piece);
            rows += count;
        }

        return spans;
    }
}
