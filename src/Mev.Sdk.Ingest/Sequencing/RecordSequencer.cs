using System.Globalization;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Views;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Sequencing;

/// <summary>Gives every record its LSN and shows it to every sink in that order, one batch at a time.</summary>
/// <remarks>
/// <para>Thread-safe: sources may write concurrently, one gate orders them. The host's own records gather in a <see cref="SystemLane"/> that is
/// drained between batches once they are many or have waited for <see cref="RecordSequencerOptions.OwnRecordDelay"/>, also when no source
/// writes; a sink that appends therefore never waits for itself.</para>
/// <para>The sink that is the <see cref="IRecordLog"/> is called first, the others in the order given. A sink that throws stops the intake:
/// no record is skipped, and every later write fails with <see cref="IntakeStoppedException"/>. Only a batch that the log refuses before anybody took
/// it goes back to its source alone, by <see cref="BatchRefusedException"/>.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var sequencer = new RecordSequencer([journal, features], journal);
/// await source.RunAsync(sequencer, cancellationToken);
/// </code>
/// </example>
public sealed class RecordSequencer : IRecordIntake, IRecordAppender, IAsyncDisposable
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _stopping;
    private readonly IRecordSink[] _sinks;
    private readonly SinkMonitor[] _sinkMonitors;
    private readonly SystemLane _lane;
    private readonly IngestMonitor? _monitor;
    private readonly ILogger _logger;
    private Lsn _next;
    private ulong _nextOwnSequence = 1;
    private IntakeStoppedException? _failure;

    /// <summary>Creates a sequencer; it is ready at once.</summary>
    /// <param name="sinks">Who sees the records.</param>
    /// <param name="log">The durable log, usually also among <paramref name="sinks"/>: it says which LSN comes next. Without one, numbering starts at 1.</param>
    /// <param name="lane">The lane that sinks were built with; a new one with default bounds when null.</param>
    /// <param name="logId">Upper 16 bits of the LSNs when there is no log.</param>
    /// <param name="monitor">Where progress and failure are shown.</param>
    /// <param name="logger">Where a failing sink is reported.</param>
    /// <param name="timeProvider">Timers of disposal, and of the lane if none is given; the system's by default.</param>
    /// <exception cref="InvalidOperationException">The lane already feeds another sequencer.</exception>
    public RecordSequencer(
        IEnumerable<IRecordSink> sinks,
        IRecordLog? log = null,
        SystemLane? lane = null,
        ushort logId = 0,
        IngestMonitor? monitor = null,
        ILogger<RecordSequencer>? logger = null,
        TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(sinks);
        _stopping = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider ?? TimeProvider.System);
        _sinks = [.. sinks.OrderBy(sink => sink is IRecordLog ? 0 : 1)];
        _monitor = monitor;
        _sinkMonitors = [.. Names(_sinks).Select(name => new SinkMonitor(name, timeProvider ?? TimeProvider.System))];
        monitor?.Add(_sinkMonitors);
        _logger = logger ?? NullLogger<RecordSequencer>.Instance;
        _next = log?.NextLsn ?? Lsn.Create(logId, 1);
        if (_next.Counter == 0)
        {
            _next = Lsn.Create(_next.LogId, 1);
        }

        foreach (var position in log?.DurablePositions ?? [])
        {
            if (position is { SourceId: 0, SessionId: 0 })
            {
                _nextOwnSequence = Math.Max(_nextOwnSequence, position.Sequence + 1);
            }
        }

        _lane = lane ?? new SystemLane(monitor: monitor, timeProvider: timeProvider);
        monitor?.Add(_lane);
        _lane.Attach(() => ThreadPool.UnsafeQueueUserWorkItem(static sequencer => _ = sequencer.DrainAsync(), this, preferLocal: false));
    }

    /// <summary>The exception that stopped the intake, or null while it runs.</summary>
    public IntakeStoppedException? Failure => Volatile.Read(ref _failure);

    /// <inheritdoc/>
    /// <exception cref="IntakeStoppedException">A sink failed, now or before, or the sequencer was disposed.</exception>
    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ThrowIfStopped();
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfStopped();
            if (_lane.IsDue)
            {
                await WriteOwnAsync().ConfigureAwait(false);
            }

            await ShowAsync(batch, own: false).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public bool TryAppend(ReadOnlySpan<byte> frame) => _lane.TryAppend(frame);

    /// <summary>Finishes the batch that is being written, shows what waits in the lane, and stops.</summary>
    /// <remarks>A sink that is still busy after 5 s is asked to give up by its cancellation token; its batch then stays with the source.</remarks>
    /// <returns>Completes when no sink is being called any more.</returns>
    public async ValueTask DisposeAsync()
    {
        // The gate is held by whoever waits for a sink, so the sinks must hear of the end even if the gate never opens by itself.
        _stopping.CancelAfter(StopGrace);
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_failure is not null)
            {
                return;
            }

            // A sink may answer own records with own records, as a scorer answers gaps: two rounds take those, the lane then closes.
            await WriteOwnAsync().ConfigureAwait(false);
            await WriteOwnAsync().ConfigureAwait(false);
            _lane.Close();
            _failure = new IntakeStoppedException("The intake was stopped; it takes no more records.");
        }
        catch (IntakeStoppedException)
        {
            // The sink's failure is logged and kept in Failure; disposing has nothing to add.
        }
        finally
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            _gate.Release();
        }
    }

    private async Task DrainAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            // A source's batch may have come first and taken them along.
            if (_failure is null && _lane.IsDue)
            {
                await WriteOwnAsync().ConfigureAwait(false);
            }
        }
        catch (IntakeStoppedException)
        {
            // Logged where it happened; the next writer hears of it.
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask WriteOwnAsync()
    {
        if (!_lane.TryTake(out var buffer, out var bytes, out var records))
        {
            return;
        }

        var first = new StreamPosition(SourceId: 0, SessionId: 0, _nextOwnSequence);
        for (var at = 0; at < bytes;)
        {
            var length = (int)MemoryMarshal.Read<uint>(buffer.AsSpan(at));
            var frame = buffer.AsSpan(at, length);
            FrameWriter.Stamp(frame, _nextOwnSequence++, MemoryMarshal.Read<FrameHeader>(frame).EngineTimeNanoseconds);
            at += length;
        }

        var batch = RecordBatch.Own(buffer, bytes, records, first);
        try
        {
            await ShowAsync(batch, own: true).ConfigureAwait(false);
        }
        finally
        {
            batch.Release();
        }
    }

    private async ValueTask ShowAsync(RecordBatch batch, bool own)
    {
        batch.AssignLsn(_next);
        _next = _next.Add((ulong)batch.Count);
        for (var i = 0; i < _sinks.Length; i++)
        {
            var sink = _sinks[i];
            _sinkMonitors[i].Begin();
            try
            {
                await sink.WriteAsync(batch, _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (_stopping.IsCancellationRequested)
            {
                throw GiveUp(sink, batch.FirstLsn, exception);
            }
            catch (BatchRefusedException exception) when (i == 0 && !own && sink is IRecordLog)
            {
                // Nobody took it, so the others' records go on; its numbers stay unused.
                Log.BatchRefused(_logger, sink.GetType().Name, batch.First.SourceId, batch.First.Sequence, exception.Message);
                throw;
            }
            catch (Exception exception)
            {
                throw Stop(sink, batch.FirstLsn, exception);
            }
            finally
            {
                _sinkMonitors[i].End(batch.Count);
            }
        }

        _monitor?.OnSequenced(batch.LastLsn, batch.Count, own);
        IngestMetrics.Sequenced.Add(batch.Count);
    }

    private static IEnumerable<string> Names(IRecordSink[] sinks)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var sink in sinks)
        {
            var name = NameOf(sink);
            var number = seen[name] = seen.GetValueOrDefault(name) + 1;
            yield return number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} {number}");
        }
    }

    private static string NameOf(IRecordSink sink) => sink is ViewSink view ? view.Name : sink.GetType().Name;

    private IntakeStoppedException Stop(IRecordSink sink, Lsn lsn, Exception exception)
    {
        var name = NameOf(sink);
        Log.SinkFailed(_logger, exception, name, lsn);
        var failure = new IntakeStoppedException(
            $"The intake stopped because the sink {name} failed on the batch at LSN {lsn}: {exception.Message} "
            + "Records from there on stay with their sources; remove the cause and start the host again.",
            exception);
        _lane.Close();
        Volatile.Write(ref _failure, failure);
        _monitor?.OnFailure(failure.Message);
        return failure;
    }

    // Disposal ran out of patience: an end that was asked for, not a failure of the sink.
    private IntakeStoppedException GiveUp(IRecordSink sink, Lsn lsn, OperationCanceledException exception)
    {
        var name = NameOf(sink);
        Log.SinkGivenUp(_logger, name, lsn, DurationText.Of(StopGrace));
        var stopped = new IntakeStoppedException(
            $"The intake was stopped while the sink {name} was busy with the batch at LSN {lsn}; records from there on stay with their sources.", exception);
        _lane.Close();
        Volatile.Write(ref _failure, stopped);
        return stopped;
    }

    private void ThrowIfStopped()
    {
        if (Volatile.Read(ref _failure) is { } failure)
        {
            throw new IntakeStoppedException(failure.Message, failure);
        }
    }
}
