using System.Buffers.Binary;
using Mev.Sdk.Storage.ClickHouse.Internal;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse;

public sealed partial class ClickHouseStore
{
    private const int MaxRows = 10_000;

    /// <summary>LSNs that are searched first for the latest rows: a scan of everything sorts by the LSN, which is not the order of the table.</summary>
    private const ulong LatestLsns = 1 << 18;

    private static readonly string TransactionColumns = Sql.Columns(HistoryTables.Transactions);
    private static readonly string OpportunityColumns = Sql.Columns(HistoryTables.MevOpportunities);

    /// <inheritdoc/>
    public long TransactionCount => Volatile.Read(ref _transactions);

    /// <inheritdoc/>
    public long OpportunityCount => Volatile.Read(ref _opportunities);

    /// <inheritdoc/>
    public long ObservedOpportunityCount => Volatile.Read(ref _observedOpportunities);

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    public ValueTask<IReadOnlyList<TransactionRow>> GetLatestTransactionsAsync(int limit, CancellationToken cancellationToken = default) =>
        FindTransactionsAsync(new TransactionQuery { Limit = limit }, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    public async ValueTask<IReadOnlyList<OpportunityRow>> GetLatestOpportunitiesAsync(int limit, CancellationToken cancellationToken = default)
    {
        ThrowIfOutOfRange(limit);
        await EnsurePreparedAsync(cancellationToken).ConfigureAwait(false);
        return await ReadOpportunitiesAsync($"1 ORDER BY lsn DESC LIMIT {limit}", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    public async ValueTask<TransactionRow?> FindTransactionAsync(Signature signature, CancellationToken cancellationToken = default)
    {
        await EnsurePreparedAsync(cancellationToken).ConfigureAwait(false);

        // All versions of a row have its signature, so the last one is found without merging anything.
        var rows = await ReadTransactionsAsync($"signature = {Sql.Literal(signature)} ORDER BY {TableNames.Version} DESC LIMIT 1", final: false, cancellationToken).ConfigureAwait(false);
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    public async ValueTask<IReadOnlyList<TransactionRow>> FindTransactionsAsync(TransactionQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ThrowIfOutOfRange(query.Limit);
        var where = TransactionSql.Where(query);
        await EnsurePreparedAsync(cancellationToken).ConfigureAwait(false);
        var end = query.Before == Lsn.None ? await LastLsnAsync(cancellationToken).ConfigureAwait(false) : query.Before.Value;
        var from = end < LatestLsns || query.Slot is not null ? 0 : end - LatestLsns;
        var rows = await ReadAsync(from, end, query.Limit).ConfigureAwait(false);
        return rows.Count >= query.Limit || from == 0 ? rows : [.. rows, .. await ReadAsync(0, from, query.Limit - rows.Count).ConfigureAwait(false)];

        ValueTask<List<TransactionRow>> ReadAsync(ulong first, ulong before, int limit) => ReadTransactionsAsync(
            $"lsn >= {Sql.Number(first)} AND lsn < {Sql.Number(before)} AND {where} ORDER BY lsn DESC LIMIT {limit}", final: true, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    public async ValueTask<IReadOnlyList<OpportunityRow>> FindOpportunitiesAsync(Signature signature, CancellationToken cancellationToken = default)
    {
        await EnsurePreparedAsync(cancellationToken).ConfigureAwait(false);
        return await ReadOpportunitiesAsync($"signature = {Sql.Literal(signature)} ORDER BY lsn LIMIT 100", cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ulong> LastLsnAsync(CancellationToken cancellationToken)
    {
        using var answer = await _connection.QueryAsync("SELECT max(lsn) FROM transactions", cancellationToken).ConfigureAwait(false);
        return BinaryPrimitives.ReadUInt64LittleEndian(answer.Span) + 1;
    }

    private async ValueTask<List<OpportunityRow>> ReadOpportunitiesAsync(string where, CancellationToken cancellationToken)
    {
        using var answer = await _connection.QueryAsync($"SELECT {OpportunityColumns} FROM mev_opportunities WHERE {where}", cancellationToken, Sql.Final).ConfigureAwait(false);
        var reader = new RowReader(HistoryTables.MevOpportunities, answer.Span);
        return HistoryRows.ReadOpportunities(ref reader);
    }

    // The stage is the row's own, or what slot records made of its slot since.
    private async ValueTask<List<TransactionRow>> ReadTransactionsAsync(string where, bool final, CancellationToken cancellationToken)
    {
        List<TransactionRow> rows;
        ulong[] versions;
        using (var answer = await _connection.QueryAsync(
            $"SELECT {TransactionColumns}, {TableNames.Version} FROM transactions WHERE {where}", cancellationToken, final ? Sql.Final : []).ConfigureAwait(false))
        {
            using var buffer = new RowBuffer(HistoryTables.Transactions);
            versions = TakeVersions(answer.Span, buffer);
            var reader = buffer.Read();
            rows = HistoryRows.ReadTransactions(ref reader);
        }

        var stages = await RangeWriter.GetStagesAsync(_connection, rows.Select(static r => r.Slot).ToHashSet(), cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < rows.Count; i++)
        {
            if (stages.TryGetValue(rows[i].Slot, out var slot))
            {
                rows[i] = rows[i] with { Stage = Stages.Effective(rows[i].Stage, versions[i], slot) };
            }
        }

        return rows;
    }

    private static ulong[] TakeVersions(ReadOnlySpan<byte> answer, RowBuffer rows)
    {
        var versions = new List<ulong>();
        var split = new RowSplit(HistoryTables.Transactions);
        while (!answer.IsEmpty)
        {
            var length = split.Walk(answer).Length;
            rows.AddRow(answer[..length]);
            versions.Add(BinaryPrimitives.ReadUInt64LittleEndian(answer[length..]));
            answer = answer[(length + sizeof(ulong))..];
        }

        return [.. versions];
    }

    private static void ThrowIfOutOfRange(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxRows);
    }
}
