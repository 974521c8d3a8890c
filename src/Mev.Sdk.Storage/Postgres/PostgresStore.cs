using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>PostgreSQL 15 or later behind the storage contracts: what a projector fills and history is read from.</summary>
/// <remarks>
/// Nothing is connected before first use. Thread-safe; reads run beside the projection, on replicas where the connection string names some. Exactly one row a signature: a filter sorts out repeats, and what
/// it cannot know (it starts empty) is looked for in the table by slot. One projector at a time: it holds an advisory lock, and the checkpoint is only moved from where it was read.
/// How rows are kept is in docs/postgres.md.
/// </remarks>
/// <example>
/// <code>
/// await using var store = new PostgresStore(new PostgresOptions { ConnectionString = "Host=127.0.0.1;Database=mev;Username=mev" });
/// var projector = new Projector(journal, store, new ProjectorOptions());
/// await projector.StartAsync(CancellationToken.None);
/// </code>
/// </example>
public sealed partial class PostgresStore : IHistoryReader, IHistoryStore, IProjectionTarget, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PartitionPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);

    private readonly PostgresSources _sources;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _schema;
    private readonly int _ahead;
    private readonly int _retentionDays;
    private readonly int _keyCache;
    private readonly SemaphoreSlim _projecting = new(1, 1);
    private readonly ProjectedRows _rows;
    private NpgsqlConnection? _writer;
    private SightingFilter _filter = new();
    private Partitions _partitions;
    private NameIds _names;
    private Lsn _checkpoint;
    private long? _dropDay;
    private long? _lastDay;
    private DateTimeOffset _nextTry;
    private long _transactions;
    private long _opportunities;
    private long _observedOpportunities;
    private bool _disposed;

    /// <summary>Makes a store; nothing is connected yet.</summary>
    /// <param name="options">Read once.</param>
    /// <param name="timeProvider">The clock of <c>processed_at</c> and of retention; the system's when null.</param>
    /// <param name="logger">Where records that cannot be read and partitions that are dropped are told; nowhere when null.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    public PostgresStore(PostgresOptions options, TimeProvider? timeProvider = null, ILogger<PostgresStore>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        (_schema, _ahead, _retentionDays, _keyCache) = (options.Schema, options.PartitionsAhead, options.RetentionDays, options.KeyCache);
        _sources = new PostgresSources(options);
        _time = timeProvider ?? TimeProvider.System;
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        _rows = new ProjectedRows(Name, _logger);
        _partitions = new Partitions(_ahead, _retentionDays);
        _names = new NameIds(_keyCache);
    }

    /// <inheritdoc/>
    public string Name => "postgres";

    /// <inheritdoc/>
    /// <exception cref="IOException">The server cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">Another projector writes to the same schema.</exception>
    /// <exception cref="InvalidDataException">The tables are of a later version.</exception>
    public async ValueTask<Lsn> OpenAsync(CancellationToken cancellationToken)
    {
        await _projecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ReopenAsync(Schema.Version, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _projecting.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The database refused or went away; nothing was stored, or, when it went away during the commit, all of it: the checkpoint says which.</exception>
    /// <exception cref="InvalidOperationException">
    /// The store was not opened with <see cref="OpenAsync"/>, or has to be again after a failure; or another projector has moved the checkpoint.
    /// </exception>
    public async ValueTask ApplyAsync(IReadOnlyList<RecordBatch> batches, Lsn checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batches);
        await _projecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await StoreAsync(batches, checkpoint, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _projecting.Release();
        }
    }

    /// <summary>Closes all connections, and with them the projector's lock.</summary>
    public void Dispose()
    {
        _projecting.Wait();
        try
        {
            _disposed = true;
            _writer?.Dispose();
            _writer = null;
            _rows.Dispose();
            _sources.Dispose();
        }
        finally
        {
            _projecting.Release();
        }
    }

    /// <summary>Closes all connections, and with them the projector's lock.</summary>
    public async ValueTask DisposeAsync()
    {
        await _projecting.WaitAsync().ConfigureAwait(false);
        try
        {
            _disposed = true;
            await CloseAsync().ConfigureAwait(false);
            _rows.Dispose();
            await _sources.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _projecting.Release();
        }
    }

    /// <summary>Opens with the tables at an earlier version; for tests of what comes after.</summary>
    internal async Task<Lsn> OpenAtAsync(int version, CancellationToken cancellationToken) => await ReopenAsync(version, cancellationToken).ConfigureAwait(false);

    private async Task<Lsn> ReopenAsync(int version, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await CloseAsync().ConfigureAwait(false);
        _filter = new SightingFilter();
        _names = new NameIds(_keyCache);
        _partitions = new Partitions(_ahead, _retentionDays);
        var writer = await _sources.ConnectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await LockAsync(writer, cancellationToken).ConfigureAwait(false);
            await Migration.RunAsync(writer, _schema, version, cancellationToken).ConfigureAwait(false);
            await writer.ExecuteAsync(ProjectionSql.Session + Schema.CreateStaging(), cancellationToken).ConfigureAwait(false);
            await _partitions.LoadAsync(writer, cancellationToken).ConfigureAwait(false);
            await _names.LoadAsync(writer, cancellationToken).ConfigureAwait(false);
            await ReadCountsAsync(writer, cancellationToken).ConfigureAwait(false);
            _writer = writer;
            return _checkpoint;
        }
        catch
        {
            await writer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task StoreAsync(IReadOnlyList<RecordBatch> batches, Lsn checkpoint, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var writer = _writer ?? throw new InvalidOperationException($"Open the store with {nameof(OpenAsync)} first, and again after a failure.");
        var now = _time.GetUtcNow();
        try
        {
            _rows.Begin(batches, _filter, now);
            var projection = new PostgresProjection(writer, _partitions, _names, _rows);
            await projection.ApplyAsync(_checkpoint, checkpoint, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, cancellationToken).ConfigureAwait(false);
            _checkpoint = checkpoint;
            Interlocked.Add(ref _transactions, projection.InsertedTransactions);
            Interlocked.Add(ref _opportunities, projection.InsertedOpportunities);
            Interlocked.Add(ref _observedOpportunities, projection.InsertedObservedOpportunities);
            PostgresMetrics.SentBytes.Add(projection.SentBytes);
            await KeepPartitionsAsync(writer, projection.UsualDays, now, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // The filter has noted sightings that were not stored, the ids may not be there, and the connection may be in any state.
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    // After the rows are safe. Readers may hold what has to be locked for as long as they read; then it is tried another time, and by then rows may have had to wait for their partition.
    private async Task KeepPartitionsAsync(NpgsqlConnection writer, Dictionary<TableLayout, long> days, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ahead = days.Select(d => (Layout: d.Key, Days: _partitions.MissingAhead(d.Key, d.Value))).Where(static d => d.Days.Length > 0).ToArray();
        _dropDay = days.TryGetValue(TableLayout.Transactions, out var usual) && usual != _lastDay ? usual : _dropDay;
        if ((ahead.Length == 0 && _dropDay is null) || now < _nextTry)
        {
            return;
        }

        try
        {
            await writer.ExecuteAsync("SET lock_timeout = '1s'", cancellationToken).ConfigureAwait(false);
            foreach (var (layout, missing) in ahead)
            {
                await _partitions.EnsureAsync(writer, layout, missing, cancellationToken).ConfigureAwait(false);
            }

            await DropOldAsync(writer, now, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            _nextTry = now + PartitionPause;
        }

        await writer.ExecuteAsync("SET lock_timeout = 0", cancellationToken).ConfigureAwait(false);
    }

    private async Task DropOldAsync(NpgsqlConnection writer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_dropDay is { } newest)
        {
            var today = now.ToUnixTimeSeconds() / 86_400;
            foreach (var layout in TableLayout.All)
            {
                var day = layout.Table.Range == HistoryRange.Slot ? newest : today;
                var dropped = await _partitions.DropEmptyBeforeAsync(writer, layout, day - 1, cancellationToken).ConfigureAwait(false);
                dropped += _partitions.FirstKept(day) is { } first ? await _partitions.DropBeforeAsync(writer, layout, first, cancellationToken).ConfigureAwait(false) : 0;
                PostgresMetrics.DroppedPartitions.Add(dropped);
            }

            if (_partitions.FirstKept(newest) is { } firstDay)
            {
                await writer.ExecuteAsync(ProjectionSql.ForgetStagesBefore(firstDay * (long)Schema.SlotsOfDay), cancellationToken).ConfigureAwait(false);
            }

            await writer.ExecuteAsync(ProjectionSql.ForgetBatches, cancellationToken).ConfigureAwait(false);
        }

        (_lastDay, _dropDay) = (_dropDay ?? _lastDay, null);
    }

    // The session ends, and the lock with it, when the connection does, also when this process is killed; the server notices that a moment later.
    private async Task LockAsync(NpgsqlConnection writer, CancellationToken cancellationToken)
    {
        var key = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes("mev projector " + _schema)));
        var started = Stopwatch.GetTimestamp();
        while (!(bool)(await writer.ScalarAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"SELECT pg_try_advisory_lock({key})"), cancellationToken).ConfigureAwait(false))!)
        {
            if (Stopwatch.GetElapsedTime(started) > LockPatience)
            {
                throw new InvalidOperationException(
                    $"Another projector writes to {_sources.Place}. Stop it, or give this one another schema (Mev:Storage:Postgres:Schema); this one takes over when the other ends.");
            }

            await Task.Delay(LockPause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadCountsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = connection.Command("SELECT lsn, transactions, opportunities, observed_opportunities FROM projector_checkpoint");
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        _checkpoint = new Lsn((ulong)reader.GetInt64(0));
        Volatile.Write(ref _transactions, reader.GetInt64(1));
        Volatile.Write(ref _opportunities, reader.GetInt64(2));
        Volatile.Write(ref _observedOpportunities, reader.GetInt64(3));
    }

    private async Task CloseAsync()
    {
        if (_writer is { } writer)
        {
            _writer = null;
            await writer.DisposeAsync().ConfigureAwait(false);
        }
    }
}
