using System.Diagnostics.CodeAnalysis;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Views;

/// <summary>Shows records to a consumer that may be slow, such as a dashboard, without ever slowing the stream: it holds a bounded number of batches and drops and counts the rest.</summary>
/// <remarks>
/// <para><see cref="WriteAsync"/> never waits. A batch for which there is room is retained, which copies it once when its memory is only lent, and handed to the
/// consumer on the thread pool: one at a time, in LSN order, with whole batches missing. The consumer's call is the same contract as any sink's: the batch is borrowed until it
/// completes, and its cancellation token says that the view ends.</para>
/// <para>A consumer that throws is logged and loses that batch, which counts as dropped; the view goes on with the next one, and the intake hears nothing of it. A consumer
/// that never returns keeps its one batch; the others are dropped.</para>
/// <para>Thread-safe. Do not give it the journal, or anything else that must see every record.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var view = new ViewSink(dashboard);
/// await using var sequencer = new RecordSequencer([journal, view], journal);
/// </code>
/// </example>
public sealed class ViewSink : IRecordSink, IAsyncDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuietTime = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<RecordBatch> _waiting = new();
    private readonly IRecordSink _consumer;
    private readonly int _maxBytes;
    private readonly int _maxBatches;
    private readonly FullView _whenFull;
    private readonly ViewCounts _counts;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;

    [SuppressMessage("Usage", "CA2213", Justification = "A consumer that outlives the view still has its token; a source that was cancelled holds nothing.")]
    private readonly CancellationTokenSource _stopping = new();
    private RecordBatch? _current;
    private int _heldBatches;
    private long _heldRecords;
    private long _heldBytes;
    private bool _pumping;
    private bool _closed;
    private bool _abandoned;
    private TaskCompletionSource? _idle;
    private string? _lastFailure;
    private long _startedAt;
    private long _fullToldAt = long.MinValue;
    private long _failureToldAt = long.MinValue;
    private long _droppedWhenTold;

    /// <summary>Creates a view; it is ready at once.</summary>
    /// <param name="consumer">Who is shown the records; it stays the caller's, and is called until <see cref="DisposeAsync"/> completes.</param>
    /// <param name="options">The bounds; copied. Defaults when null.</param>
    /// <param name="name">The name in metrics, logs and snapshots; the consumer's type when null.</param>
    /// <param name="monitor">Shows the view in <see cref="IngestSnapshot.Views"/>.</param>
    /// <param name="logger">Where it is told that records are dropped or that the consumer throws, each once a minute at most.</param>
    /// <param name="timeProvider">The clock of times and waits; the system's by default.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    public ViewSink(
        IRecordSink consumer,
        ViewOptions? options = null,
        string? name = null,
        IngestMonitor? monitor = null,
        ILogger<ViewSink>? logger = null,
        TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        if (consumer is IRecordLog)
        {
            throw new ArgumentException($"{consumer.GetType().Name} is a record log, which must see every record: give it to the sequencer itself.", nameof(consumer));
        }

        options ??= new ViewOptions();
        Name = name ?? consumer.GetType().Name;
        var errors = new List<string>();
        options.Validate($"{IngestOptions.Section}:Views:{Name}", errors);
        OptionErrors.ThrowIfAny(errors, nameof(options));
        _consumer = consumer;
        (_maxBytes, _maxBatches, _whenFull) = (options.MaxBytes, options.MaxBatches, options.WhenFull);
        _counts = new ViewCounts(Name);
        _logger = logger ?? NullLogger<ViewSink>.Instance;
        _time = timeProvider ?? TimeProvider.System;
        monitor?.Add(this);
        Tracked<ViewSink>.Add(this);
    }

    /// <summary>The name in metrics, logs and snapshots.</summary>
    public string Name { get; }

    /// <summary>Records that the consumer did not get, or threw on, since the view was made.</summary>
    public long DroppedRecords
    {
        get
        {
            lock (_gate)
            {
                return _counts.DroppedRecords;
            }
        }
    }

    internal long HeldBytes
    {
        get
        {
            lock (_gate)
            {
                return _heldBytes;
            }
        }
    }

    /// <summary>Takes a batch if there is room, and drops and counts one otherwise.</summary>
    /// <param name="batch">Borrowed for the call only.</param>
    /// <param name="cancellationToken">Without effect: nothing is waited for.</param>
    /// <returns>A completed task; the consumer may see the batch later.</returns>
    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!TryReserve(batch))
        {
            return ValueTask.CompletedTask;
        }

        // The copy, if it is one, is made outside the gate: the consumer's side takes it between two batches.
        RecordBatch kept;
        try
        {
            kept = batch.Retain();
        }
        catch
        {
            lock (_gate)
            {
                Unhold(batch);
                _counts.OnDropped(batch, ViewCounts.Failed);
            }

            throw;
        }

        Enqueue(kept);
        return ValueTask.CompletedTask;
    }

    /// <summary>Counts everything at once.</summary>
    /// <returns>A snapshot that does not change.</returns>
    public ViewSnapshot GetSnapshot()
    {
        lock (_gate)
        {
            return new ViewSnapshot(
                Name, _counts.DeliveredBatches, _counts.DeliveredRecords, _counts.DroppedBatches, _counts.DroppedRecords, _counts.FailedBatches,
                _heldBatches, _heldRecords, _heldBytes, _current is null ? TimeSpan.Zero : _time.GetElapsedTime(_startedAt), _lastFailure);
        }
    }

    /// <summary>Takes no more, and gives the consumer 2 s to finish what waits; then cancels its token, drops the rest and waits 2 s more.</summary>
    /// <remarks>A consumer that is busy even then keeps its one batch, which goes back to the pool when the call returns. What is written later is dropped and counted.</remarks>
    /// <returns>Completes when the consumer is called no more, or did not return.</returns>
    public async ValueTask DisposeAsync()
    {
        Task idle;
        lock (_gate)
        {
            _closed = true;
            idle = _pumping ? (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }

        if (!await EndsAsync(idle).ConfigureAwait(false))
        {
            lock (_gate)
            {
                _abandoned = true;
                DropWaiting();
            }

            await _stopping.CancelAsync().ConfigureAwait(false);
            await EndsAsync(idle).ConfigureAwait(false);
        }
    }

    private async Task<bool> EndsAsync(Task idle) =>
        idle.IsCompleted || await Task.WhenAny(idle, Task.Delay(StopGrace, _time)).ConfigureAwait(false) == idle;

    private bool TryReserve(RecordBatch batch)
    {
        bool reserved;
        long untold;
        lock (_gate)
        {
            if (_closed)
            {
                _counts.OnDropped(batch, ViewCounts.Stopped);
                return false;
            }

            var before = _counts.DroppedBatches;
            while (!Fits(batch) && _whenFull == FullView.DropOldest && _waiting.TryDequeue(out var oldest))
            {
                Drop(oldest, ViewCounts.Full);
            }

            var fits = Fits(batch);
            if (fits)
            {
                _heldBatches++;
                _heldRecords += batch.Count;
                _heldBytes += batch.ByteCount;
            }
            else
            {
                _counts.OnDropped(batch, ViewCounts.Full);
            }

            if (_counts.DroppedBatches == before || !IsDue(ref _fullToldAt))
            {
                return fits;
            }

            untold = _counts.DroppedRecords - _droppedWhenTold;
            _droppedWhenTold = _counts.DroppedRecords;
            reserved = fits;
        }

        Log.ViewDrops(_logger, Name, untold, batch.FirstLsn);
        return reserved;
    }

    private bool Fits(RecordBatch batch) => _heldBatches == 0 || (_heldBatches < _maxBatches && _heldBytes + batch.ByteCount <= _maxBytes);

    private void Enqueue(RecordBatch kept)
    {
        lock (_gate)
        {
            // Disposed between the two: nobody will come for it.
            if (_abandoned || (_closed && !_pumping))
            {
                Drop(kept, ViewCounts.Stopped);
                return;
            }

            _waiting.Enqueue(kept);
            if (_pumping)
            {
                return;
            }

            _pumping = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static view => _ = view.PumpAsync(), this, preferLocal: false);
    }

    // One at a time: it is started when the first batch comes, and ends with the last.
    private async Task PumpAsync()
    {
        while (TryBegin() is { } batch)
        {
            Exception? failure = null;
            try
            {
                await _consumer.WriteAsync(batch, _stopping.Token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            End(batch, failure);
        }
    }

    private RecordBatch? TryBegin()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var batch))
            {
                (_current, _startedAt) = (batch, _time.GetTimestamp());
                return batch;
            }

            _pumping = false;
            _idle?.TrySetResult();
            return null;
        }
    }

    private void End(RecordBatch batch, Exception? failure)
    {
        var tell = false;
        lock (_gate)
        {
            _current = null;
            Unhold(batch);
            if (failure is null)
            {
                _counts.OnDelivered(batch);
            }
            else if (failure is OperationCanceledException && _stopping.IsCancellationRequested)
            {
                _counts.OnDropped(batch, ViewCounts.Stopped);
            }
            else
            {
                _counts.OnDropped(batch, ViewCounts.Failed);
                _lastFailure = failure.Message;
                tell = IsDue(ref _failureToldAt);
            }
        }

        if (tell)
        {
            Log.ViewFailed(_logger, failure!, Name, batch.FirstLsn);
        }

        batch.Release();
    }

    private void Drop(RecordBatch kept, string reason)
    {
        Unhold(kept);
        _counts.OnDropped(kept, reason);
        kept.Release();
    }

    private void DropWaiting()
    {
        while (_waiting.TryDequeue(out var batch))
        {
            Drop(batch, ViewCounts.Stopped);
        }
    }

    private void Unhold(RecordBatch batch)
    {
        _heldBatches--;
        _heldRecords -= batch.Count;
        _heldBytes -= batch.ByteCount;
    }

    private bool IsDue(ref long toldAt)
    {
        if (toldAt != long.MinValue && _time.GetElapsedTime(toldAt) < QuietTime)
        {
            return false;
        }

        toldAt = _time.GetTimestamp();
        return true;
    }
}
