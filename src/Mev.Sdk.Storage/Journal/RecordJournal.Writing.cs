using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

public sealed partial class RecordJournal
{
    // Monitor, not Lock: the writer waits on it for work.
    private readonly object _gate = new();
    private readonly TimeProvider _time;
    private readonly List<(Lsn Target, TaskCompletionSource Done)> _flushes = [];
    private WriteBuffer _filling;
    private WriteBuffer _writing;
    private TaskCompletionSource? _roomMade;
    private JournalFaultedException? _fault;
    private Lsn _nextLsn;
    private Lsn _lastTaken;
    private bool _stopping;

    /// <summary>Copies a batch into the write buffer; waits while the buffer is full.</summary>
    /// <param name="batch">Sequenced records; borrowed until the task completes.</param>
    /// <param name="cancellationToken">Gives up waiting; the batch was not taken then.</param>
    /// <returns>Completes when the batch was copied. It is durable when a listener says so, or <see cref="FlushAsync"/> completes.</returns>
    /// <exception cref="BatchRefusedException">A frame is malformed or longer than 64 MiB, or there are not as many as the batch says. Nothing was taken, and the journal goes on.</exception>
    /// <exception cref="ArgumentException">The batch has no LSNs, or they do not follow the ones before.</exception>
    /// <exception cref="JournalFaultedException">The journal failed to write and takes no more.</exception>
    /// <exception cref="ObjectDisposedException">The journal was disposed.</exception>
    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        BatchChecks.ThrowIfUnreadable(batch);
        if (!TryReserveNumbers(batch.LastLsn))
        {
            return ReserveAndTakeAsync(batch, cancellationToken);
        }

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

    // False when the disk is too full to store a new limit.
    private bool TryReserveNumbers(Lsn last)
    {
        try
        {
            lock (_gate)
            {
                ThrowIfUnusable();
            }

            _folder.Limits.EnsureAbove(last);
            return true;
        }
        catch (Exception e) when (JournalDisk.IsFull(e))
        {
            return false;
        }
        catch (Exception e) when (e is IOException and not JournalFaultedException or UnauthorizedAccessException)
        {
            throw SetFault(_folder.Limits.Path, e);
        }
    }

    private async ValueTask ReserveAndTakeAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        for (var attempt = 1; !TryReserveNumbers(batch.LastLsn); attempt++)
        {
            await Task.Delay(GetSpaceDelay(attempt), _time, cancellationToken).ConfigureAwait(false);
        }

        if (!TryTake(batch, out var room))
        {
            await TakeWhenRoomAsync(batch, room, cancellationToken).ConfigureAwait(false);
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
}
