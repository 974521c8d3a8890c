using System.Diagnostics.CodeAnalysis;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Storage.Projection;

/// <summary>Tails the log into a database, rows and checkpoint in one transaction.</summary>
/// <remarks>
/// A database that is slow or down delays only itself: nothing waits for the projector, and it catches up in large batches. Every failure
/// is tried again with growing waits, from the checkpoint that the database holds. Properties are thread-safe.
/// </remarks>
public sealed class Projector : BackgroundService, IRetentionHold
{
    private readonly IRecordLog _log;
    private readonly IProjectionTarget _target;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KeyValuePair<string, object?> _tag;
    private readonly int _batchRecords;
    private readonly int _batchBytes;
    private readonly TimeSpan _firstDelay;
    private readonly TimeSpan _maxDelay;
    private TimeSpan _delay;
    private ulong _checkpoint;
    private Exception? _lastError;

    /// <summary>Makes a projector; <see cref="BackgroundService.StartAsync"/> starts it.</summary>
    /// <param name="log">What is tailed.</param>
    /// <param name="target">Where the rows go.</param>
    /// <param name="options">Read once.</param>
    /// <param name="timeProvider">The clock of the waits; the system's when null.</param>
    /// <param name="logger">Where failures are told; nowhere when null.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    public Projector(IRecordLog log, IProjectionTarget target, ProjectorOptions options, TimeProvider? timeProvider = null, ILogger<Projector>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(options);
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        _log = log;
        _target = target;
        _time = timeProvider ?? TimeProvider.System;
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        _tag = new("target", target.Name);
        (_batchRecords, _batchBytes, _firstDelay, _maxDelay) = (options.BatchRecords, options.BatchBytes, options.FirstRetryDelay, options.MaxRetryDelay);
        _delay = _firstDelay;
    }

    /// <summary>The name of the database that it fills.</summary>
    public string Target => _target.Name;

    /// <summary>The last record whose rows are stored; <see cref="Lsn.None"/> before the first.</summary>
    public Lsn Checkpoint => new(Volatile.Read(ref _checkpoint));

    /// <summary>
    /// How many records the rows are behind the durable log, 0 when caught up; before the database was first opened, all records. Of a log that
    /// is no <see cref="IRecordCounter"/>, the distance in LSNs, in which skipped numbers count.
    /// </summary>
    public long Lag
    {
        get
        {
            if (_log is IRecordCounter counter)
            {
                return counter.CountAfter(Checkpoint);
            }

            var durable = _log.DurableLsn;
            return durable > Checkpoint ? (long)(durable.Value - Math.Max(Checkpoint.Value, Lsn.Create(durable.LogId, 0).Value)) : 0;
        }
    }

    /// <summary>What retention must keep: everything behind the checkpoint, and all of the log while the checkpoint is unknown.</summary>
    public Lsn NeededFrom => Checkpoint == Lsn.None ? Lsn.None : Checkpoint.Add(1);

    /// <summary>Why the last try failed, or null when it did not.</summary>
    public Exception? LastError => Volatile.Read(ref _lastError);

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a database throws, the answer is to try again later.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                Volatile.Write(ref _checkpoint, (await _target.OpenAsync(stoppingToken).ConfigureAwait(false)).Value);
                ThrowIfAhead();
                await TailAsync(stoppingToken).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Volatile.Write(ref _lastError, e);
                StorageMetrics.ProjectorFailures.Add(1, _tag);
                StorageMetrics.ProjectorLag.Record(Lag, _tag);
                Log.ProjectorRetries(_logger, e, Checkpoint, _delay);
            }

            await Task.Delay(_delay, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _delay = _delay * 2 < _maxDelay ? _delay * 2 : _maxDelay;
        }
    }

    // Rows of records that the log never had: it would be read from there, and everything before silently left out.
    private void ThrowIfAhead()
    {
        var next = _log.NextLsn;
        if (next != Lsn.None && Checkpoint.LogId == next.LogId && Checkpoint >= next)
        {
            throw new InvalidDataException(
                $"The database holds records up to LSN {Checkpoint}, the log goes on at {next}: they do not belong together, or the log was deleted. Restore the log, or move the database of the "
                + $"target '{_target.Name}' away: it is built again from the log.");
        }
    }

    private async Task TailAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reader = _log.ReadAsync(Checkpoint == Lsn.None ? Lsn.None : Checkpoint.Add(1), follow: true, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        var held = new List<RecordBatch>();
        Task<bool>? next = null;
        try
        {
            long records = 0, bytes = 0;
            while (true)
            {
                next = reader.MoveNextAsync().AsTask();

                // When the log has nothing more at once, what is held is all there is to wait for.
                var more = next.IsCompletedSuccessfully && await next.ConfigureAwait(false);
                if (held.Count > 0 && (!more || records >= _batchRecords || bytes >= _batchBytes))
                {
                    await StoreAsync(held, cancellationToken).ConfigureAwait(false);
                    (records, bytes) = (0, 0);
                }

                if (!await next.ConfigureAwait(false))
                {
                    return;
                }

                next = null;
                held.Add(reader.Current);
                records += reader.Current.Count;
                bytes += reader.Current.ByteCount;
            }
        }
        finally
        {
            Release(held);
            await stop.CancelAsync().ConfigureAwait(false);
            await FinishAsync(next, reader).ConfigureAwait(false);
        }
    }

    // An enumerator may be disposed only after its last move has ended; a batch it brought that nobody took is given back.
    private static async Task FinishAsync(Task<bool>? next, IAsyncEnumerator<RecordBatch> reader)
    {
        if (next is not null)
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next.IsCompletedSuccessfully && await next.ConfigureAwait(false))
            {
                reader.Current.Release();
            }
        }

        await reader.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask StoreAsync(List<RecordBatch> held, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var last = held[^1].LastLsn;
        await _target.ApplyAsync(held, last, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _checkpoint, last.Value);
        Release(held);
        _delay = _firstDelay;
        if (Interlocked.Exchange(ref _lastError, null) is not null)
        {
            Log.ProjectorRecovered(_logger, last);
        }

        StorageMetrics.ProjectorBatchDuration.Record(_time.GetElapsedTime(started).TotalSeconds, _tag);
        StorageMetrics.ProjectorLag.Record(Lag, _tag);
    }

    private static void Release(List<RecordBatch> held)
    {
        foreach (var batch in held)
        {
            batch.Release();
        }

        held.Clear();
    }
}
