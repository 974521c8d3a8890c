using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

public sealed partial class RecordJournal
{
    // Monitor, not Lock: the writer waits on it for work.
    private readonly object _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly int _groupBytes;
    private readonly SegmentWriter _segments;
    private readonly TaskCompletionSource _writerDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(Lsn Target, TaskCompletionSource Done)> _flushes = [];
    private WriteBuffer _filling;
    private WriteBuffer _writing;
    private TaskCompletionSource? _roomMade;
    private IDurabilityListener[] _listeners = [];
    private JournalFaultedException? _fault;
    private Lsn _nextLsn;
    private Lsn _lastTaken;
    private long _lastCommit;
    private bool _uncommitted;
    private bool _stopping;

    /// <summary>Copies a batch into the write buffer; waits while the buffer is full.</summary>
    /// <param name="batch">Sequenced records; borrowed until the task completes.</param>
    /// <param name="cancellationToken">Gives up waiting; the batch was not taken then.</param>
    /// <returns>Completes when the batch was copied. It is durable when a listener says so, or <see cref="FlushAsync"/> completes.</returns>
    /// <exception cref="ArgumentException">A frame is malformed, or the LSNs do not follow the ones before.</exception>
    /// <exception cref="JournalFaultedException">The journal failed to write and takes no more.</exception>
    /// <exception cref="ObjectDisposedException">The journal was disposed.</exception>
    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        BatchChecks.ThrowIfUnreadable(batch);
        ReserveNumbers(batch.LastLsn);
        return TryTake(batch, out var room) ? ValueTask.CompletedTask : TakeWhenRoomAsync(batch, room, cancellationToken);
    }

    /// <summary>Makes durable everything that was taken so far, without waiting for the interval.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes when it is durable.</returns>
    /// <exception cref="JournalFaultedException">The journal failed to write.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_fault is not null)
            {
                return Task.FromException(_fault);
            }

            if (_lastTaken <= DurableLsn)
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _flushes.Add((_lastTaken, done));
            Monitor.PulseAll(_gate);
            return done.Task.WaitAsync(cancellationToken);
        }
    }

    private void ReserveNumbers(Lsn last)
    {
        try
        {
            lock (_gate)
            {
                ThrowIfUnusable();
            }

            _folder.Limits.EnsureAbove(last);
        }
        catch (Exception e) when (e is IOException and not JournalFaultedException or UnauthorizedAccessException)
        {
            throw SetFault(_folder.Limits.Path, e);
        }
    }

    private async ValueTask TakeWhenRoomAsync(RecordBatch batch, Task room, CancellationToken cancellationToken)
    {
        do
        {
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        while (!TryTake(batch, out room));
    }

    private bool TryTake(RecordBatch batch, out Task room)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            if (batch.FirstLsn < _nextLsn || batch.FirstLsn.LogId != _nextLsn.LogId)
            {
                throw new ArgumentException($"The batch starts at LSN {batch.FirstLsn}, the journal continues at {_nextLsn}.", nameof(batch));
            }

            if (!_filling.TryAppend(batch))
            {
                _roomMade ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _roomMade.Task;
                Monitor.PulseAll(_gate);
                return false;
            }

            _lastTaken = batch.LastLsn;
            _nextLsn = batch.LastLsn.Add(1);
            Monitor.PulseAll(_gate);
        }

        room = Task.CompletedTask;
        return true;
    }

    private void ThrowIfUnusable()
    {
        if (_fault is not null)
        {
            throw _fault;
        }

        ObjectDisposedException.ThrowIf(_stopping, this);
    }

    private void RequestStop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void RunWriter()
    {
        try
        {
            while (WaitForWork(out var commit))
            {
                var started = _time.GetTimestamp();
                _segments.Write(_writing);
                _uncommitted |= !_writing.IsEmpty;
                _writing.Clear();
                if (commit)
                {
                    Commit(started);
                }
            }

            if (Fault is null)
            {
                _segments.Seal();
                _segments.Commit(_index);
            }
        }
        catch (Exception e)
        {
            SetFault(_segments.CurrentPath, e);
        }
        finally
        {
            _segments.Dispose();
            WakeReaders(final: true);
            _writerDone.SetResult();
        }
    }

    // Swaps the buffers and tells whether the group is to be committed; false when there is nothing more to do.
    private bool WaitForWork(out bool commit)
    {
        lock (_gate)
        {
            var due = false;
            while (true)
            {
                var pending = _uncommitted || !_filling.IsEmpty;
                if (_fault is not null || (_stopping && !pending))
                {
                    commit = false;
                    return false;
                }

                var left = _interval - _time.GetElapsedTime(_lastCommit);
                commit = pending && (due || _stopping || _flushes.Count > 0 || left <= TimeSpan.Zero);
                if (commit || _filling.Used >= _groupBytes || _roomMade is not null)
                {
                    (_filling, _writing) = (_writing, _filling);
                    _roomMade?.SetResult();
                    _roomMade = null;
                    return true;
                }

                if (pending)
                {
                    due = !Monitor.Wait(_gate, left);
                }
                else
                {
                    Monitor.Wait(_gate);
                }
            }
        }
    }

    private void Commit(long started)
    {
        var before = _index.Statistics;
        var positions = _segments.Commit(_index);
        _uncommitted = false;
        _lastCommit = _time.GetTimestamp();
        Report(before, _index.Statistics, _time.GetElapsedTime(started));

        IDurabilityListener[] listeners;
        lock (_gate)
        {
            listeners = _listeners;
            foreach (var (_, done) in _flushes.Where(f => f.Target <= DurableLsn))
            {
                done.SetResult();
            }

            _flushes.RemoveAll(f => f.Target <= DurableLsn);
        }

        WakeReaders(final: false);
        foreach (var listener in listeners)
        {
            try
            {
                listener.OnDurable(DurableLsn, positions);
            }
            catch (Exception e)
            {
                Log.ListenerFailed(_logger, e, listener.GetType().Name);
            }
        }

        // Ahead of use, so that a write seldom waits for this sync.
        _folder.Limits.EnsureAbove(DurableLsn.Add(LsnLimitFile.Step / 2));
    }

    private static void Report(JournalStatistics before, JournalStatistics now, TimeSpan took)
    {
        StorageMetrics.JournalRecords.Add(now.Records - before.Records);
        StorageMetrics.JournalRawBytes.Add(now.RawBytes - before.RawBytes);
        StorageMetrics.JournalStoredBytes.Add(now.StoredBytes - before.StoredBytes);
        StorageMetrics.CommitDuration.Record(took.TotalSeconds);
    }

    private JournalFaultedException SetFault(string path, Exception cause)
    {
        JournalFaultedException fault;
        lock (_gate)
        {
            if (_fault is not null)
            {
                return _fault;
            }

            fault = new JournalFaultedException(path, DurableLsn, cause);
            Volatile.Write(ref _fault, fault);
            foreach (var (_, done) in _flushes)
            {
                done.SetException(fault);
            }

            _flushes.Clear();
            _roomMade?.SetException(fault);
            _roomMade = null;
            Monitor.PulseAll(_gate);
        }

        Log.JournalFaulted(_logger, fault);
        return fault;
    }
}
