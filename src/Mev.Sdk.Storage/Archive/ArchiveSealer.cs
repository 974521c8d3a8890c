using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Storage.Archive;

/// <summary>Tails the log into archive objects, and holds back the log's retention until they are in the store.</summary>
/// <remarks>
/// <para>
/// An object is put together in a spool file, put into the store under a name that says its LSNs, whole or not at all and never over another one, read back and opened with the keys that the store has;
/// only then is the log free to forget its records. A sealer that was killed verifies all of the last object that is there and goes on behind it. What was being put together is made again.
/// </para>
/// <para>
/// An archive that was made from another log, as after the log was lost or restored from an older copy, is not gone on with: the sealer ends with <see cref="LastError"/>, and the log keeps every record,
/// until somebody has settled it and starts it anew.
/// </para>
/// <para>
/// One sealer a log and store: the one that starts last takes over, by a claim in the store (<c>sealing/&lt;log id&gt;</c>), and the other one ends before its next object, as with a strange archive. No record
/// is archived twice by that.
/// </para>
/// <para>Nothing waits for it but retention. A store that is slow or down is tried again with growing waits. Properties are thread-safe.</para>
/// </remarks>
/// <example>
/// <code>
/// using var sealer = new ArchiveSealer(journal, store, new ArchiveOptions { SpoolDirectory = "data/archive-spool" });
/// journal.AddRetentionHold(sealer);
/// await sealer.StartAsync(cancellationToken);
/// </code>
/// </example>
public sealed class ArchiveSealer : BackgroundService, IRetentionHold
{
    [SuppressMessage("Usage", "CA2213", Justification = "A tail that has not noticed the end yet lets go of it after Dispose; without its wait handle it holds nothing.")]
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly IRecordLog _log;
    private readonly SealedObjects _objects;
    private readonly SealerFence _fence;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _spoolDirectory;
    private readonly long _objectBytes;
    private readonly TimeSpan _maxDelay;
    private readonly TimeSpan _firstRetryDelay;
    private readonly TimeSpan _maxRetryDelay;
    private TimeSpan _delay;
    private ulong _archivedTo;
    private Lsn _claimedTo;
    private bool _isKnown;
    private Exception? _lastError;
    private volatile string? _refusal;

    /// <summary>Makes a sealer; <see cref="BackgroundService.StartAsync"/> starts it, or <see cref="SealAsync"/> does what there is to do once.</summary>
    /// <param name="log">What is tailed.</param>
    /// <param name="store">Where objects go.</param>
    /// <param name="options">Read once; <see cref="ArchiveOptions.SpoolDirectory"/> is required.</param>
    /// <param name="keys">Keys to encrypt with; null = objects are not encrypted. They stay the caller's.</param>
    /// <param name="timeProvider">The clock of the waits; the system's when null.</param>
    /// <param name="logger">Where failures are told; nowhere when null.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    public ArchiveSealer(IRecordLog log, IBlobStore store, ArchiveOptions options, ArchiveKeys? keys = null, TimeProvider? timeProvider = null, ILogger<ArchiveSealer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.SpoolDirectory, "options.SpoolDirectory");
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        _log = log;
        _time = timeProvider ?? TimeProvider.System;
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        _objects = new SealedObjects(store, keys, options, _time);
        _fence = new SealerFence(store);
        _spoolDirectory = options.SpoolDirectory;
        (_objectBytes, _maxDelay, _firstRetryDelay, _maxRetryDelay) = (options.ObjectBytes, options.MaxDelay, options.FirstRetryDelay, options.MaxRetryDelay);
        _delay = _firstRetryDelay;
    }

    /// <summary>The last record that is in the store; <see cref="Lsn.None"/> while there is none, or the store was not asked yet.</summary>
    public Lsn ArchivedTo => new(Volatile.Read(ref _archivedTo));

    /// <summary>What retention must keep: everything behind the last object, and all of the log before the store was asked.</summary>
    public Lsn NeededFrom => ArchivedTo == Lsn.None ? Lsn.None : ArchivedTo.Add(1);

    /// <summary>How many durable records are not in the store yet. Of a log that is no <see cref="IRecordCounter"/>, the distance in LSNs, in which skipped numbers count.</summary>
    public long Lag
    {
        get
        {
            if (_log is IRecordCounter counter)
            {
                return counter.CountAfter(ArchivedTo);
            }

            var durable = _log.DurableLsn;
            return durable > ArchivedTo ? (long)(durable.Value - Math.Max(ArchivedTo.Value, Lsn.Create(durable.LogId, 0).Value)) : 0;
        }
    }

    /// <summary>Objects put into the store since it was made.</summary>
    public long Objects => _objects.Count;

    /// <summary>Why the last try failed, or null when it did not. It stays once <see cref="HasGivenUp"/> is set.</summary>
    public Exception? LastError => Volatile.Read(ref _lastError);

    /// <summary>Whether it has ended for good, and the log keeps every record: the archive does not belong to the log, or another sealer took over. Somebody has to settle that; a new sealer looks again.</summary>
    public bool HasGivenUp => _refusal is not null;

    /// <summary>Archives what is durable now, once, also the rest that fills no object; for a tool, or before a log is put away. Not while it tails as a service.</summary>
    /// <param name="cancellationToken">Ends it; whole objects stay.</param>
    /// <returns>The last record that is in the store.</returns>
    /// <exception cref="InvalidDataException">The log or the last object is damaged, they do not belong together, or another sealer took over.</exception>
    /// <exception cref="InvalidOperationException">It is sealing already, as a service or for somebody else; a service is stopped first.</exception>
    /// <exception cref="ArchiveKeyException">A key that is needed is not there, or not in the store any more.</exception>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public async ValueTask<Lsn> SealAsync(CancellationToken cancellationToken = default)
    {
        if (!await _one.WaitAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
        {
            throw new InvalidOperationException("The sealer is sealing already, as a service or for another caller: stop the service first (StopAsync), or wait for the other one.");
        }

        await RunAsync(follow: false, cancellationToken).ConfigureAwait(false);
        return ArchivedTo;
    }

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a store throws, the answer is to try again later.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _one.WaitAsync(stoppingToken).ConfigureAwait(false);
                await RunAsync(follow: true, stoppingToken).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (_refusal is not null)
            {
                Volatile.Write(ref _lastError, e);
                ArchiveMetrics.SealFailures.Add(1);
                Log.ArchiveRefused(_logger, e);
                return;
            }
            catch (Exception e)
            {
                await WaitAfterAsync(e, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask WaitAfterAsync(Exception failure, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lastError, failure);
        ArchiveMetrics.SealFailures.Add(1);
        Log.ArchiveRetries(_logger, failure, ArchivedTo, _delay);
        await Task.Delay(_delay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _delay = _delay * 2 < _maxRetryDelay ? _delay * 2 : _maxRetryDelay;
    }

    // Whoever calls has taken the semaphore.
    private async Task RunAsync(bool follow, CancellationToken cancellationToken)
    {
        try
        {
            using var spool = ArchiveSpool.Open(_spoolDirectory);
            await ResumeAsync(cancellationToken).ConfigureAwait(false);
            var from = NeededFrom;
            while (await TryTailAsync(spool, from, follow, cancellationToken).ConfigureAwait(false) is { } removed)
            {
                // What is gone cannot be archived; what is behind it can.
                Log.ArchiveGap(_logger, removed.From, removed.LastRemoved);
                from = removed.LastRemoved.Add(1);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    // Goes on behind the last object, if it is this log's: once, and again after a put of which nobody knows what came of it.
    private async ValueTask ResumeAsync(CancellationToken cancellationToken)
    {
        if (_refusal is { } refusal)
        {
            throw new InvalidDataException(refusal);
        }

        if (_isKnown)
        {
            return;
        }

        var durable = _log.DurableLsn;
        var next = _log.NextLsn;
        var logId = (durable == Lsn.None ? next : durable).LogId;
        if (await _objects.HasImportsAsync(logId, cancellationToken).ConfigureAwait(false))
        {
            throw Refuse(string.Create(
                CultureInfo.InvariantCulture,
                $"Imports have put objects under the log id {logId}, which is the log's own: give imports another Mev:Storage:Archive:Import:LogId, and archive the log into an empty store."));
        }

        // First the claim, then what is there: whoever had it can put nothing now but what it says.
        var claim = durable == Lsn.None && next == Lsn.None ? default : await TakeAsync(logId, cancellationToken).ConfigureAwait(false);
        var last = await _objects.FindLastAsync(logId, cancellationToken).ConfigureAwait(false);
        if (last is not null && await LogMatch.FindContradictionAsync(_log, last, cancellationToken).ConfigureAwait(false) is { } contradiction)
        {
            throw Refuse(
                $"The archive holds records up to LSN {last.Lsn}, and {contradiction}: they do not belong together, as after the log was deleted or restored from an older copy. Nothing is archived, and the log "
                + "keeps every record. Restore the log, or archive it into an empty store (another Mev:Storage:Archive:Directory or bucket); then start again.");
        }

        last ??= await FindLastOfEarlierIdAsync(logId, cancellationToken).ConfigureAwait(false);
        var archivedTo = last?.Lsn ?? Lsn.None;
        _claimedTo = claim.Previous == archivedTo.Value && claim.End > archivedTo.Value ? new Lsn(claim.End) : Lsn.None;
        if (_claimedTo > durable)
        {
            throw Refuse(
                $"A sealer was about to archive records up to LSN {_claimedTo} ({SealClaim.NameOf(logId)} says so), and the log ends at LSN {durable}: it is not the log that was archived. Nothing is archived, and the "
                + "log keeps every record. Restore the log, or archive it into an empty store (another Mev:Storage:Archive:Directory or bucket); then start again.");
        }

        Volatile.Write(ref _archivedTo, archivedTo.Value);
        _isKnown = durable != Lsn.None || next != Lsn.None;
    }

    // A log that was given another id goes on under it, behind what was archived under the earlier one. Whatever of that is not the log's is another log's.
    private async ValueTask<LastRecord?> FindLastOfEarlierIdAsync(ushort logId, CancellationToken cancellationToken)
    {
        if (await LogMatch.FindOldestAsync(_log, cancellationToken).ConfigureAwait(false) is not { } oldest)
        {
            return null;
        }

        for (var id = logId; id > oldest.Lsn.LogId;)
        {
            id--;
            if (await _objects.FindLastAsync(id, cancellationToken).ConfigureAwait(false) is { } last && await LogMatch.HoldsAsync(_log, last, cancellationToken).ConfigureAwait(false))
            {
                return last;
            }
        }

        return null;
    }

    private async ValueTask<SealClaim> TakeAsync(ushort logId, CancellationToken cancellationToken)
    {
        try
        {
            return await _fence.TakeAsync(logId, cancellationToken).ConfigureAwait(false);
        }
        catch (SealerFencedException e)
        {
            throw Refuse(e.Message);
        }
    }

    // Says in the store what is put next. A log may change its id under way; the new one is claimed when it comes.
    private async ValueTask ClaimAsync(ArchiveObjectInfo info, CancellationToken cancellationToken)
    {
        if (info.FirstLsn <= _claimedTo && info.LastLsn != _claimedTo)
        {
            throw Refuse($"The log has no record at LSN {_claimedTo}, up to which a sealer was about to archive it: it is not the log that was archived. Nothing is archived, and the log keeps every record.");
        }

        try
        {
            if (_fence.LogId != info.LastLsn.LogId)
            {
                await _fence.TakeAsync(info.LastLsn.LogId, cancellationToken).ConfigureAwait(false);
            }

            await _fence.ClaimAsync(ArchivedTo, info.LastLsn, cancellationToken).ConfigureAwait(false);
        }
        catch (SealerFencedException e)
        {
            throw Refuse(e.Message);
        }
    }

    // For good: a log that only has to grow until its numbers are behind those of the archive would lose what it has before.
    private InvalidDataException Refuse(string why)
    {
        _refusal = why;
        Volatile.Write(ref _archivedTo, 0);
        return new InvalidDataException(why);
    }

    private async ValueTask<RecordsRemovedException?> TryTailAsync(ArchiveSpool spool, Lsn from, bool follow, CancellationToken cancellationToken)
    {
        try
        {
            await TailAsync(spool, from, follow, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (RecordsRemovedException removed) when (removed.LastRemoved >= from && from > ArchivedTo)
        {
            return removed;
        }
    }

    private async Task TailAsync(ArchiveSpool spool, Lsn from, bool follow, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reader = _log.ReadAsync(from, follow, stop.Token).GetAsyncEnumerator(CancellationToken.None);
        SealedObject? current = null;
        Task<bool>? next = null;
        try
        {
            while (true)
            {
                next ??= reader.MoveNextAsync().AsTask();
                if (current is not null && current.LastLsn >= _claimedTo && !await IsThereInTimeAsync(next, current, cancellationToken).ConfigureAwait(false))
                {
                    current = await PutAsync(current, follow, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (!await next.ConfigureAwait(false))
                {
                    break;
                }

                next = null;
                var batch = reader.Current;
                try
                {
                    for (var taken = 0; taken < batch.Count;)
                    {
                        current ??= await _objects.BeginAsync(spool, cancellationToken).ConfigureAwait(false);
                        taken = current.Append(batch, taken, _objectBytes, _claimedTo);
                        if (taken < batch.Count || current.LastLsn == _claimedTo)
                        {
                            current = await PutAsync(current, follow, cancellationToken).ConfigureAwait(false);
                        }
                    }
                }
                finally
                {
                    batch.Release();
                }
            }

            // A log that is closed, or was to be read to its end only.
            if (current is not null && !follow)
            {
                current = await PutAsync(current, follow, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            current?.Dispose();
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

    // False when the object has waited as long as a record may.
    private async ValueTask<bool> IsThereInTimeAsync(Task<bool> next, SealedObject current, CancellationToken cancellationToken)
    {
        var left = _maxDelay - _time.GetElapsedTime(current.Began);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        if (next.IsCompleted)
        {
            return true;
        }

        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(next, Task.Delay(left, _time, wait.Token)).ConfigureAwait(false);
        await wait.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return first == next;
    }

    private async ValueTask<SealedObject?> PutAsync(SealedObject current, bool follow, CancellationToken cancellationToken)
    {
        using (current)
        {
            // A store may have taken what it says it did not: after a failure it is asked again what is there.
            _isKnown = false;
            var info = await PutUntilItIsThereAsync(current, follow, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _archivedTo, info.LastLsn.Value);
            _claimedTo = Lsn.None;
            _isKnown = true;
            Log.ObjectSealed(_logger, info.FirstLsn, info.LastLsn, info.FrameBytes, info.Length);
        }

        _delay = _firstRetryDelay;
        if (Interlocked.Exchange(ref _lastError, null) is not null)
        {
            Log.ArchiveRecovered(_logger, ArchivedTo);
        }

        ArchiveMetrics.SealLag.Record(Lag);
        return null;
    }

    // The same bytes under the same name: a try whose answer was lost is found to have worked, and nothing is compressed twice.
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a store throws, the answer is to try again later.")]
    private async ValueTask<ArchiveObjectInfo> PutUntilItIsThereAsync(SealedObject current, bool follow, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await ClaimAsync(current.Complete(), cancellationToken).ConfigureAwait(false);
                return await _objects.PutAsync(current, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (follow && current.Info is not null && !HasGivenUp && !cancellationToken.IsCancellationRequested)
            {
                await WaitAfterAsync(e, cancellationToken).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
