using System.Globalization;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>The embedded relational store: what a projector fills, history is read from, and training samples are kept in.</summary>
/// <remarks>
/// Opens its file on first use. Thread-safe; reads run on connections of their own beside the projection (snapshots, no locks held). Exactly one row a
/// signature: a filter sorts out repeats, and what it cannot know (it starts empty) is anti-joined against the table by slot.
/// </remarks>
/// <example>
/// <code>
/// using var store = new DuckDbStore(new DuckDbOptions { Path = "data/history.duckdb" });
/// var projector = new Projector(journal, store, new ProjectorOptions());
/// await projector.StartAsync(CancellationToken.None);
/// </code>
/// </example>
public sealed partial class DuckDbStore : IHistoryReader, ITrainingSampleStore, IProjectionTarget, IDisposable
{
    // Sightings that the filter remembers at least; 200 bytes each.
    private const int FilterWindow = 500_000;

    private readonly DuckDbDatabase _database;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _projecting = new(1, 1);
    private readonly Lock _preparing = new();
    private DuckDBConnection? _anchor;
    private DuckDBConnection? _writer;
    private readonly ProjectedRows _rows;
    private SightingFilter _filter = new(FilterWindow);
    private FilterCover _cover = new(FilterWindow);
    private long _transactions;
    private long _opportunities;
    private long _observedOpportunities;
    private bool _disposed;

    /// <summary>Makes a store; nothing is opened yet.</summary>
    /// <param name="options">Read once.</param>
    /// <param name="timeProvider">The clock of <c>processed_at</c>; the system's when null.</param>
    /// <param name="logger">Where records that cannot be read are told; nowhere when null.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    public DuckDbStore(DuckDbOptions options, TimeProvider? timeProvider = null, ILogger<DuckDbStore>? logger = null)
    {
        _database = new DuckDbDatabase(options);
        _time = timeProvider ?? TimeProvider.System;
        _rows = new ProjectedRows(Name, logger);
    }

    /// <summary>Full path of the database file.</summary>
    public string Path => _database.Path;

    /// <inheritdoc/>
    public string Name => "duckdb";

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="InvalidDataException">Its tables are of a later version.</exception>
    public async ValueTask<Lsn> OpenAsync(CancellationToken cancellationToken)
    {
        await _projecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(Reopen, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _projecting.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="DuckDBException">The database refused; nothing was stored.</exception>
    /// <exception cref="InvalidOperationException">The store was not opened with <see cref="OpenAsync"/>, or has to be again after a failure.</exception>
    public async ValueTask ApplyAsync(IReadOnlyList<RecordBatch> batches, Lsn checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batches);
        await _projecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.Run(() => Apply(batches, checkpoint), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _projecting.Release();
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _projecting.Wait();
        try
        {
            _disposed = true;
            _writer?.Dispose();
            _writer = null;
            _rows.Dispose();
            lock (_preparing)
            {
                _anchor?.Dispose();
                _anchor = null;
            }
        }
        finally
        {
            _projecting.Release();
        }
    }

    private Lsn Reopen()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _writer?.Dispose();
        _writer = null;
        (_filter, _cover) = (new SightingFilter(FilterWindow), new FilterCover(FilterWindow));
        EnsurePrepared();
        var writer = _database.Connect();
        try
        {
            writer.Execute(Schema.CreateStaging);
            using var command = writer.CreateCommand();
            command.CommandText = "SELECT lsn, transactions, opportunities, observed_opportunities FROM projector_checkpoint";
            using var reader = command.ExecuteReader();
            reader.Read();
            Volatile.Write(ref _transactions, reader.GetInt64(1));
            Volatile.Write(ref _opportunities, reader.GetInt64(2));
            Volatile.Write(ref _observedOpportunities, reader.GetInt64(3));
            _writer = writer;
            return new Lsn(reader.GetFieldValue<ulong>(0));
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private void Apply(IReadOnlyList<RecordBatch> batches, Lsn checkpoint)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var writer = _writer ?? throw new InvalidOperationException($"Open the store with {nameof(OpenAsync)} first, and again after a failure.");
        if (batches.Count == 0)
        {
            return;
        }

        _rows.Begin(batches, _filter, _time.GetUtcNow());
        var projection = new Projection(writer, _rows, _cover);
        try
        {
            projection.Apply(batches[0].FirstLsn, checkpoint);
        }
        catch
        {
            // The filter has noted sightings that were not stored, and the connection may be in any state.
            writer.Dispose();
            _writer = null;
            throw;
        }

        Interlocked.Add(ref _transactions, projection.InsertedTransactions);
        Interlocked.Add(ref _opportunities, projection.InsertedOpportunities);
        Interlocked.Add(ref _observedOpportunities, projection.InsertedObservedOpportunities);
    }

    // One connection stays open as long as the store: it keeps the instance, and with it the cache, alive between others.
    private void EnsurePrepared()
    {
        lock (_preparing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_anchor is not null)
            {
                return;
            }

            var anchor = _database.Connect();
            try
            {
                _database.Prepare(anchor);
                _anchor = anchor;
            }
            catch
            {
                anchor.Dispose();
                throw;
            }
        }
    }

    private Task<T> ReadAsync<T>(Func<DuckDBConnection, T> read, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            EnsurePrepared();
            using var connection = _database.Connect();
            return read(connection);
        },
        cancellationToken);

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
