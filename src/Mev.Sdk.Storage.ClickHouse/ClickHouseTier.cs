using System.Runtime.CompilerServices;
using System.Text;
using Mev.Sdk.Storage.ClickHouse.Internal;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Storage.ClickHouse;

/// <summary>A warm tier in ClickHouse: what the mover takes out of the hot tier, in tables of its own beside those that a <see cref="ClickHouseStore"/> fills from the log.</summary>
/// <remarks>
/// Thread-safe; nothing is sent before first use. Every row carries the name of its part, and a part is a partition: it is written by inserts that the server knows again, read back in pages, and removed as
/// a whole. The server does not know which parts count: <see cref="ClickHouseTierHistory"/> asks for those that the tier catalogue names. One server; a cluster is refused.
/// </remarks>
public sealed class ClickHouseTier : ITierTarget, IDisposable
{
    // An insert makes a file set on the server: as much at a time as is handy to send.
    private const int InsertBytes = 8 << 20;
    private const int PageRows = 16_384;

    private readonly ClickHouseConnection _server;
    private readonly ClickHouseOptions _options;
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private bool _prepared;

    /// <summary>Makes a tier; nothing is sent yet.</summary>
    /// <param name="options">Read once; the database may be that of a <see cref="ClickHouseStore"/>.</param>
    /// <param name="timeProvider">The clock of waits; the system's when null.</param>
    /// <param name="logger">Where retries are told; nowhere when null.</param>
    /// <exception cref="ArgumentException">An option is out of range, or names a cluster; the message names its key.</exception>
    public ClickHouseTier(ClickHouseOptions options, TimeProvider? timeProvider = null, ILogger<ClickHouseTier>? logger = null)
        : this(options, timeProvider, logger, handler: null)
    {
    }

    internal ClickHouseTier(ClickHouseOptions options, TimeProvider? timeProvider, ILogger<ClickHouseTier>? logger, Func<HttpMessageHandler>? handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = options.Validate().ToList();
        if (options.Cluster.Length > 0)
        {
            problems.Add($"Mev:Storage:ClickHouse:Cluster is '{options.Cluster}', and the warm tier writes to one server: leave it empty, or let a projector fill the cluster (UseClickHouse).");
        }

        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        var log = (ILogger?)logger ?? NullLogger.Instance;
        var time = timeProvider ?? TimeProvider.System;
        _options = ClickHouseStore.Copy(options, options.Database);
        _server = new ClickHouseConnection(ClickHouseStore.Copy(options, "default"), handler?.Invoke(), time, log);
        Connection = new ClickHouseConnection(_options, handler?.Invoke(), time, log);
    }

    /// <inheritdoc/>
    public string Name => "clickhouse-warm";

    internal ClickHouseConnection Connection { get; }

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    public async ValueTask<long> WriteAsync(HistoryTable table, TierPartition partition, string name, IAsyncEnumerable<RowBuffer> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(rows);
        var literal = TierTables.Literal(name);
        await EnsurePreparedAsync(cancellationToken).ConfigureAwait(false);
        using var pending = new MemoryStream();
        var tag = Tag(name);
        var inserts = 0;
        await foreach (var buffer in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Append(pending, buffer, tag);
            if (pending.Length >= InsertBytes)
            {
                await InsertAsync().ConfigureAwait(false);
            }
        }

        await InsertAsync().ConfigureAwait(false);
        using var answer = await Connection.QueryAsync(
            $"SELECT toInt64(sum(bytes_on_disk)) FROM system.parts WHERE database = '{_options.Database}' AND table = '{TierTables.NameOf(table)}' AND active AND partition = {literal}", cancellationToken).ConfigureAwait(false);
        return BitConverter.ToInt64(answer.Span);

        async ValueTask InsertAsync()
        {
            if (pending.Length > 0)
            {
                await Connection.InsertAsync(
                    $"{TierTables.NameOf(table)} ({Sql.Columns(table)}, {TierTables.Part})", pending.GetBuffer().AsMemory(0, (int)pending.Length), $"{_options.Database}/{name}/{inserts++}", cancellationToken).ConfigureAwait(false);
                pending.SetLength(0);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    public async IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        await EnsurePreparedAsync(cancellationToken).ConfigureAwait(false);
        using var buffer = new RowBuffer(table);
        byte[] last = [];
        do
        {
            buffer.Clear();
            using (var answer = await Connection.QueryAsync(TierTables.Page(table, name, last, PageRows), cancellationToken).ConfigureAwait(false))
            {
                buffer.AddRows(answer.Span);
            }

            if (buffer.RowCount > 0)
            {
                last = LastRow(buffer);
                yield return buffer;
            }
        }
        while (buffer.RowCount == PageRows);
    }

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await EnsurePreparedAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (_, name) in await FindAsync("", cancellationToken).ConfigureAwait(false))
        {
            yield return name;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    public async ValueTask RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var literal = TierTables.Literal(name);
        await EnsurePreparedAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (table, _) in await FindAsync($" AND partition = {literal}", cancellationToken).ConfigureAwait(false))
        {
            await Connection.ExecuteAsync($"ALTER TABLE {table} DROP PARTITION {literal}", cancellationToken, ("alter_sync", "2")).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        Connection.Dispose();
        _server.Dispose();
        _preparing.Dispose();
    }

    internal async ValueTask EnsurePreparedAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _prepared))
        {
            return;
        }

        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_prepared)
            {
                foreach (var statement in TierTables.Define(_options.Database))
                {
                    await _server.ExecuteAsync(statement, cancellationToken).ConfigureAwait(false);
                }

                Volatile.Write(ref _prepared, true);
            }
        }
        finally
        {
            _preparing.Release();
        }
    }

    // Of the server's own books: no row is read.
    private async ValueTask<List<(string Table, string Name)>> FindAsync(string where, CancellationToken cancellationToken)
    {
        using var answer = await Connection.QueryAsync(
            $"SELECT DISTINCT table, partition FROM system.parts WHERE database = '{_options.Database}' AND startsWith(table, 'tier_') AND active{where} FORMAT TabSeparated", cancellationToken).ConfigureAwait(false);
        return [.. Encoding.UTF8.GetString(answer.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('\t')).Select(static cells => (cells[0], cells[1]))];
    }

    private static byte[] Tag(string name)
    {
        var text = Encoding.UTF8.GetBytes(name);
        return text.Length < 0x80 ? [(byte)text.Length, .. text] : [(byte)(text.Length | 0x80), (byte)(text.Length >> 7), .. text];
    }

    private static void Append(MemoryStream pending, RowBuffer rows, byte[] tag)
    {
        for (var reader = rows.Read(); reader.NextRow();)
        {
            pending.Write(reader.Row);
            pending.Write(tag);
        }
    }

    private static byte[] LastRow(RowBuffer rows)
    {
        byte[] last = [];
        for (var reader = rows.Read(); reader.NextRow();)
        {
            if (reader.RowIndex == rows.RowCount - 1)
            {
                last = reader.Row.ToArray();
            }
        }

        return last;
    }
}
