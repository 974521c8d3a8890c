using Mev.Sdk.Storage.ClickHouse.Internal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Storage.ClickHouse;

/// <summary>The history in ClickHouse: what a projector fills, and history is read from.</summary>
/// <remarks>
/// Nothing is sent before first use. Thread-safe. ClickHouse has no transactions over tables; what takes their place is that the rows of an LSN range are inserted first and the range's own row
/// last, that every insert carries a token by which the server knows it again, and that opening removes what lies behind the last range: nothing is stored twice, and nothing acknowledged is lost.
/// One projector at a time may write a database.
/// </remarks>
/// <example>
/// <code>
/// using var store = new ClickHouseStore(new ClickHouseOptions { Url = "http://127.0.0.1:8123" });
/// var projector = new Projector(journal, store, new ProjectorOptions());
/// await projector.StartAsync(CancellationToken.None);
/// </code>
/// </example>
public sealed partial class ClickHouseStore : IHistoryReader, IHistoryStore, IProjectionTarget, IDisposable
{
    private readonly ClickHouseConnection _server;
    private readonly ClickHouseConnection _connection;
    private readonly ClickHouseOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _projecting = new(1, 1);
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private readonly ProjectedRows _rows;
    private StoreSession? _session;
    private bool _prepared;
    private long _transactions;
    private long _opportunities;
    private long _observedOpportunities;

    /// <summary>Makes a store; nothing is sent yet.</summary>
    /// <param name="options">Read once.</param>
    /// <param name="timeProvider">The clock of <c>processed_at</c> and of waits; the system's when null.</param>
    /// <param name="logger">Where retries and removed rows are told; nowhere when null.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    public ClickHouseStore(ClickHouseOptions options, TimeProvider? timeProvider = null, ILogger<ClickHouseStore>? logger = null)
        : this(options, timeProvider, logger, handler: null)
    {
    }

    internal ClickHouseStore(ClickHouseOptions options, TimeProvider? timeProvider, ILogger<ClickHouseStore>? logger, Func<HttpMessageHandler>? handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        _options = Copy(options, options.Database);
        _time = timeProvider ?? TimeProvider.System;
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        _connection = new ClickHouseConnection(_options, handler?.Invoke(), _time, _logger);
        _server = new ClickHouseConnection(Copy(options, "default"), handler?.Invoke(), _time, _logger);
        _rows = new ProjectedRows(Name, _logger);
    }

    /// <inheritdoc/>
    public string Name => "clickhouse";

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    /// <exception cref="InvalidDataException">Its tables are of another version.</exception>
    public async ValueTask<Lsn> OpenAsync(CancellationToken cancellationToken)
    {
        await _projecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _session = null;
            _prepared = false;
            await EnsurePreparedAsync(cancellationToken).ConfigureAwait(false);
            var session = await new StoreOpener(_server, _connection, _options, _logger).OpenAsync(cancellationToken).ConfigureAwait(false);
            Tell(session);
            _session = session;
            return session.Checkpoint;
        }
        finally
        {
            _projecting.Release();
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The inserts of the tables come first and the range's own row last: until that is stored, none of it counts. Batches that make several runs (<see cref="ProjectedRows.NextRun"/>) are several ranges:
    /// after a failure the checkpoint may lie between them.
    /// </remarks>
    /// <exception cref="ClickHouseException">The server cannot be reached, refused, or holds other rows than were sent.</exception>
    /// <exception cref="InvalidOperationException">The store was not opened with <see cref="OpenAsync"/>, or has to be again after a failure.</exception>
    public async ValueTask ApplyAsync(IReadOnlyList<RecordBatch> batches, Lsn checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batches);
        await _projecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var session = _session ?? throw new InvalidOperationException($"Open the store with {nameof(OpenAsync)} first, and again after a failure.");

            // The filter notes sightings that may not get stored: only a range that was finished leaves it as it must be.
            _session = null;
            _rows.Begin(batches, session.Filter, _time.GetUtcNow());
            while (_rows.NextRun())
            {
                // The last run ends where the batches do, also when records behind its rows have none.
                var writer = new RangeWriter(_connection, _options.Database, session, _rows, _rows.LastLsn);
                await writer.WriteAsync(cancellationToken).ConfigureAwait(false);
                session.Checkpoint = _rows.LastLsn;
                session.Transactions += writer.InsertedTransactions;
                session.Opportunities += writer.InsertedOpportunities;
                session.ObservedOpportunities += writer.InsertedObservedOpportunities;
                Tell(session);
            }

            if (session.Checkpoint < checkpoint)
            {
                await new RangeWriter(_connection, _options.Database, session, _rows, checkpoint).WriteAsync(cancellationToken).ConfigureAwait(false);
                session.Checkpoint = checkpoint;
            }

            _session = session;
        }
        finally
        {
            _projecting.Release();
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _projecting.Wait();
        _session = null;
        _projecting.Release();
        _rows.Dispose();
        _connection.Dispose();
        _server.Dispose();
    }

    internal static ClickHouseOptions Copy(ClickHouseOptions options, string database) => new()
    {
        Url = options.Url,
        Database = database,
        User = options.User,
        Password = options.Password,
        Cluster = options.Cluster,
        RetentionDays = options.RetentionDays,
        Compress = options.Compress,
        MaxRetries = options.MaxRetries,
        Timeout = options.Timeout,
    };

    private void Tell(StoreSession session)
    {
        Volatile.Write(ref _transactions, (long)session.Transactions);
        Volatile.Write(ref _opportunities, (long)session.Opportunities);
        Volatile.Write(ref _observedOpportunities, (long)session.ObservedOpportunities);
    }

    private async ValueTask EnsurePreparedAsync(CancellationToken cancellationToken)
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
                await new StoreOpener(_server, _connection, _options, _logger).PrepareAsync(cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _prepared, true);
            }
        }
        finally
        {
            _preparing.Release();
        }
    }
}
