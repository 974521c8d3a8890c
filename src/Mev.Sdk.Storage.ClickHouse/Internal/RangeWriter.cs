using System.Globalization;
using System.Text;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Stores the rows of one LSN range: an insert a table, the range's own row last.</summary>
/// <remarks>
/// There are no transactions over several inserts. What is stored of a range without its row is removed, or stored again under the same keys, by the next <c>OpenAsync</c>; <c>docs/clickhouse.md</c>
/// has the argument.
/// </remarks>
internal sealed partial class RangeWriter(ClickHouseConnection connection, string database, StoreSession session, ProjectedRows rows, Lsn checkpoint)
{
    private static readonly Dictionary<HistoryTable, string> Into = HistoryTables.All.ToDictionary(static t => t, static t => $"{t.Name} ({Sql.Columns(t)})");
    private readonly Dictionary<string, ulong> _counts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<ulong, RowChange> _changes = [];
    private readonly Dictionary<ulong, ulong> _repeats = [];

    public ulong InsertedTransactions { get; private set; }

    public ulong InsertedOpportunities { get; private set; }

    public ulong InsertedObservedOpportunities { get; private set; }

    public async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        var first = rows.FirstSightings.RowCount + rows.RepeatedSightings.RowCount > 0 ? await StoreTransactionsAsync(cancellationToken).ConfigureAwait(false) : null;
        await CollectScoresAsync(cancellationToken).ConfigureAwait(false);
        await StoreChangesAsync(cancellationToken).ConfigureAwait(false);
        await StoreStagesAsync(cancellationToken).ConfigureAwait(false);
        await StoreOpportunitiesAsync(cancellationToken).ConfigureAwait(false);
        await MergeOpportunitiesAsync(first, cancellationToken).ConfigureAwait(false);
        foreach (var buffer in rows.Appended)
        {
            await InsertAsync(Into[buffer.Table], buffer.Table.Name, buffer.RowCount, buffer.Memory, counted: true, cancellationToken).ConfigureAwait(false);
        }

        await ReconcileAsync(cancellationToken).ConfigureAwait(false);
        await EndAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask InsertAsync(string into, string table, int count, ReadOnlyMemory<byte> bytes, bool counted, CancellationToken cancellationToken, string part = "")
    {
        if (count == 0)
        {
            return;
        }

        var token = $"{QueryPrefix(database)}{table}{part}:{rows.FirstLsn.Value}-{checkpoint.Value}:{session.Id}";
        var sent = await connection.InsertAsync(into, bytes, token, cancellationToken).ConfigureAwait(false);
        ClickHouseMetrics.Inserted(table, count, sent);
        if (counted)
        {
            _counts[table] = (ulong)count;
        }
    }

    /// <summary>How the ids of this store's inserts begin, so that one that still runs can be found.</summary>
    public static string QueryPrefix(string database) => $"mev:{database}:";

    // What the server says it holds of the range must be what was sent, before the range counts as stored.
    private async ValueTask ReconcileAsync(CancellationToken cancellationToken)
    {
        if (_counts.Count == 0)
        {
            return;
        }

        var sql = new StringBuilder("SELECT ");
        foreach (var table in _counts.Keys)
        {
            // Of transactions and opportunities there may be several versions of a row; predictions and legs have several rows an LSN.
            var what = table == HistoryTables.Predictions.Name || table == HistoryTables.LabelLegs.Name ? "count()" : "uniqExact(lsn)";
            sql.Append(CultureInfo.InvariantCulture, $"(SELECT {what} FROM {table} WHERE lsn BETWEEN {rows.FirstLsn.Value} AND {checkpoint.Value}),");
        }

        sql.Length--;
        using var answer = await connection.QueryAsync(sql.ToString(), cancellationToken).ConfigureAwait(false);
        var index = 0;
        foreach (var (table, sent) in _counts)
        {
            // A scalar subquery is nullable: a null mark, then the number.
            var stored = BitConverter.ToUInt64(answer.Span.Slice((index++ * 9) + 1, sizeof(ulong)));
            if (stored != sent)
            {
                throw new ClickHouseException(
                    $"{connection.Name} holds {stored} rows of '{table}' for LSNs {rows.FirstLsn} to {checkpoint}, {sent} were sent: the range is removed and stored again. If this goes on, look for deletes, TTL or another writer on the table.");
            }
        }
    }

    private async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        var counts = string.Join(", ", _counts.Select(static pair => $"'{pair.Key}', {Sql.Number(pair.Value)}"));
        await connection.ExecuteAsync(
            $"INSERT INTO {TableNames.Ranges} (first_lsn, last_lsn, transactions, opportunities, observed_opportunities, rows) VALUES ({rows.FirstLsn.Value}, {checkpoint.Value}, "
            + $"{Sql.Number(session.Transactions + InsertedTransactions)}, {Sql.Number(session.Opportunities + InsertedOpportunities)}, {Sql.Number(session.ObservedOpportunities + InsertedObservedOpportunities)}, "
            + $"{(counts.Length > 0 ? $"map({counts})" : "map()")})",
            cancellationToken,
            ("async_insert", "0"),
            ("distributed_foreground_insert", "1")).ConfigureAwait(false);
    }
}
