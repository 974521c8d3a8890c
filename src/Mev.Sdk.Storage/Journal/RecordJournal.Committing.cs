using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <content>The writer's thread: groups to segments, commits, and what to do when the disk is full or fails.</content>
public sealed partial class RecordJournal : ISpaceWaiter
{
    private static readonly TimeSpan FirstSpaceDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxSpaceDelay = TimeSpan.FromSeconds(5);
    private readonly TimeSpan _interval;
    private readonly int _groupBytes;
    private readonly SegmentWriter _segments;
    private readonly TaskCompletionSource _writerDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDurabilityListener[] _listeners = [];
    private long _lastCommit;
    private bool _uncommitted;
    private volatile bool _diskFull;

    private enum Work
    {
        Nothing,
        Write,
        Commit,
        End,
    }

    /// <summary>Does one piece of work; the writer's thread calls nothing else, and tests that want no thread call it themselves.</summary>
    /// <param name="wait">Whether to wait for work.</param>
    /// <returns>False when there is nothing more to do: for now, or after waiting, for good.</returns>
    internal bool Step(bool wait)
    {
        try
        {
            var work = GetWork(wait);
            if (work is Work.Nothing or Work.End)
            {
                return false;
            }

            var started = _time.GetTimestamp();
            _segments.Write(_writing);
            _uncommitted |= !_writing.IsEmpty;
            _writing.Clear();
            if (work == Work.Commit)
            {
                Commit(started);
                ApplyRetention();
            }

            return true;
        }
        catch (Exception e)
        {
            SetFault(_segments.CurrentPath, e);
            return false;
        }
    }

    /// <summary>Ends writing: seals the segment unless the journal failed.</summary>
    internal void Finish()
    {
        try
        {
            if (Fault is null)
            {
                _segments.Finish();
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
            _writerDone.TrySetResult();
        }
    }

    bool ISpaceWaiter.WaitForSpace(string path, IOException error, int attempt)
    {
        if (!_diskFull)
        {
            // Measured first: whoever sees the state finds it in the metric too.
            StorageMetrics.JournalDiskFull.Add(1);
            _diskFull = true;
            Log.DiskFull(_logger, path, error.Message);
        }

        var started = _time.GetTimestamp();
        var delay = GetSpaceDelay(attempt);
        lock (_gate)
        {
            while (!_stopping)
            {
                var left = delay - _time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                {
                    return true;
                }

                Monitor.Wait(_gate, left);
            }

            // Whoever stops the host should not wait for somebody to clean up: what was not durable was announced to nobody.
            return false;
        }
    }

    void ISpaceWaiter.SpaceReturned(string path)
    {
        StorageMetrics.JournalDiskFull.Add(-1);
        _diskFull = false;
        Log.SpaceReturned(_logger, path);
    }

    private static TimeSpan GetSpaceDelay(int attempt)
    {
        var delay = FirstSpaceDelay * Math.Pow(2, Math.Min(attempt - 1, 10));
        return delay < MaxSpaceDelay ? delay : MaxSpaceDelay;
    }

    private void RunWriter()
    {
        while (Step(wait: true))
        {
        }

        Finish();
    }

    // Swaps the buffers when there is something to do.
    private Work GetWork(bool wait)
    {
        lock (_gate)
        {
            var due = false;
            while (true)
            {
                var pending = _uncommitted || !_filling.IsEmpty;
                if (_fault is not null || (_stopping && !pending))
                {
                    return Work.End;
                }

                var left = _interval - _time.GetElapsedTime(_lastCommit);
                var commit = pending && (due || _stopping || _flushes.Count > 0 || left <= TimeSpan.Zero);
                if (commit || _filling.Used >= _groupBytes || _roomMade is not null)
                {
                    (_filling, _writing) = (_writing, _filling);
                    _roomMade?.SetResult();
                    _roomMade = null;
                    return commit ? Work.Commit : Work.Write;
                }

                if (!wait)
                {
                    return Work.Nothing;
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
        var positions = _segments.Commit();
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

        ReserveAhead();
    }

    // Ahead of use, so that a write seldom waits for this sync.
    private void ReserveAhead()
    {
        try
        {
            _folder.Limits.EnsureAbove(DurableLsn.Add(LsnLimitFile.Step / 2));
        }
        catch (IOException e) when (JournalDisk.IsFull(e))
        {
            // The write that needs the numbers waits for the space.
        }
    }

    private static void Report(JournalStatistics before, JournalStatistics now, TimeSpan took)
    {
        StorageMetrics.JournalRecords.Add(now.Records - before.Records);
        StorageMetrics.JournalRawBytes.Add(now.RawBytes - before.RawBytes);
        StorageMetrics.JournalStoredBytes.Add(now.StoredBytes - before.StoredBytes);
        StorageMetrics.CommitDuration.Record(took.TotalSeconds);
        StorageMetrics.CommitBytes.Record(now.StoredBytes - before.StoredBytes);
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

        if (_diskFull)
        {
            _diskFull = false;
            StorageMetrics.JournalDiskFull.Add(-1);
        }

        Log.JournalFaulted(_logger, fault);
        return fault;
    }
}
