using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Control;

/// <summary>Sends scores and parameter updates to the engines of this host's sources, and journals what becomes of every update.</summary>
/// <remarks>
/// <para>An update is journaled first and sent once its record is durable, so that a crash cannot forget what an engine was told. It is sent again
/// behind every subscription until the engine answers, also by the next process; engines apply an id once. An update whose time runs out
/// before it could be sent is closed as expired by the host; later only the engine can say how it ends.</para>
/// <para>It has to be among the sequencer's sinks and the journal's listeners: that is how it learns that a request is durable. Without a log,
/// a request counts as safe when it was appended. Thread-safe.</para>
/// </remarks>
/// <example>
/// <code>
/// var control = new EngineControl([source], lane, () => journal);
/// journal.AddListener(control);
/// await using var sequencer = new RecordSequencer([journal, control], journal, lane);
/// var outcome = await control.UpdateParametersAsync(new ParameterRequest("engine", 1, "{\"enabled\":false}", "alice"));
/// </code>
/// </example>
public sealed class EngineControl : IEngineControl, IRecordSink, IDurabilityListener, IControlDesk, IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ParameterBook _book = new();
    private readonly Queue<byte[]> _unwritten = new();
    private readonly FrozenDictionary<string, ControlLink> _links;
    private readonly FrozenDictionary<uint, ControlLink> _linksById;
    private readonly IRecordAppender _appender;
    private readonly Func<IRecordLog?> _log;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _maxPending;
    private Task? _restoring;
    private int _pending;

    /// <summary>Creates the control channel of a host; the sources must not run yet.</summary>
    /// <param name="sources">The host's sources; those that are no engines' streams are passed over.</param>
    /// <param name="appender">The lane into the log.</param>
    /// <param name="log">Gives the durable log, from which open updates and revisions are restored; asked when it is first needed. Null or a null result: there is none.</param>
    /// <param name="options">Bounds; copied.</param>
    /// <param name="timeProvider">Clock and timers; the system's by default.</param>
    /// <param name="logger">Where updates and their answers are reported.</param>
    /// <param name="acceptor">The engines that connect to this host, if it takes any in.</param>
    /// <exception cref="ArgumentException">An option is out of range, or two sources have one name.</exception>
    /// <exception cref="InvalidOperationException">A source belongs to another control channel.</exception>
    public EngineControl(
        IEnumerable<IRecordSource> sources,
        IRecordAppender appender,
        Func<IRecordLog?>? log = null,
        EngineControlOptions? options = null,
        TimeProvider? timeProvider = null,
        ILogger<EngineControl>? logger = null,
        EngineAcceptor? acceptor = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(appender);
        options ??= new EngineControlOptions();
        var errors = new List<string>();
        options.Validate("Mev:Ingest:Control", errors);
        OptionErrors.ThrowIfAny(errors, nameof(options));
        _appender = appender;
        _log = log ?? (static () => null);
        _maxPending = options.MaxPending;
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<EngineControl>.Instance;
        var links = sources.OfType<IControllableSource>().Select(static source => source.Control).Concat(acceptor?.Controls ?? []).ToArray();
        _links = links.ToFrozenDictionary(static link => link.Name, StringComparer.Ordinal);
        _linksById = links.ToFrozenDictionary(static link => link.SourceId);
        foreach (var link in links)
        {
            link.Attach(this, options.ScoreQueueBytes);
        }

        _timer = _time.CreateTimer(static control => ((EngineControl)control!).OnTick(), this, Tick, Tick);
    }

    /// <inheritdoc/>
    public bool TrySendScores(string engine, in OpportunityScoresMessage message, ReadOnlySpan<OpportunityScore> scores, string modelVersion)
    {
        ArgumentNullException.ThrowIfNull(modelVersion);
        if (scores.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"{scores.Length} scores do not fit one message; send at most {ushort.MaxValue}.", nameof(scores));
        }

        var link = LinkOf(engine);
        var version = Encoding.UTF8.GetBytes(modelVersion);
        var frame = new byte[OpportunityScoresView.GetFrameLength(scores.Length, version.Length)];
        OpportunityScoresView.Write(frame, Now(), in message, scores, version);
        return link.TrySendScores(frame, scores.Length);
    }

    /// <inheritdoc/>
    public async Task<ParameterOutcome> UpdateParametersAsync(ParameterRequest request, CancellationToken cancellationToken = default)
    {
        var parameters = ParameterText.Check(request);
        var link = LinkOf(request.Engine);
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        await RestoreAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var entry = Open(link, request, parameters);
        link.Wake();
        return await entry.Answered.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PendingParameters> GetPending()
    {
        lock (_gate)
        {
            return [.. _book.Open.Select(entry => new PendingParameters(
                entry.UpdateId,
                entry.Revision,
                new ParameterRequest(
                    NameOf(entry.SourceId),
                    entry.StrategyId,
                    Encoding.UTF8.GetString(entry.Parameters),
                    entry.Actor,
                    entry.ExpiresNanoseconds == 0 ? null : ControlFrames.Time(entry.ExpiresNanoseconds)),
                entry.RequestedAt,
                entry.Sends))];
        }
    }

    /// <summary>Reads open updates and revisions from the log; the first call does it, and whoever needs it calls it.</summary>
    /// <returns>Completes when they are known; fails as the log's reading does, and the next call reads again.</returns>
    public Task RestoreAsync()
    {
        lock (_gate)
        {
            if (_restoring is null or { IsFaulted: true })
            {
                _restoring = Task.Run(RestoreAndWakeAsync);
                _ = _restoring.ContinueWith(_ => WakeAll(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            }

            return _restoring;
        }
    }

    /// <inheritdoc/>
    ValueTask IRecordSink.WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        // The host's own records only; most of the time there is nothing that it could be.
        if (batch.First is not { SourceId: 0, SessionId: 0 } || Volatile.Read(ref _pending) == 0)
        {
            return ValueTask.CompletedTask;
        }

        foreach (var record in batch)
        {
            if (record.Header.TemplateId == TemplateIds.ParameterChange
                && ParameterChangeView.TryRead(in record, out var view)
                && view.Record.State == ParameterState.Requested)
            {
                lock (_gate)
                {
                    _book.Sequenced(view.Record.UpdateId, record.Lsn);
                }
            }
        }

        // The journal may have been faster than this sink.
        MarkDurable(_log()?.DurableLsn ?? batch.LastLsn);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    void IDurabilityListener.OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions)
    {
        if (Volatile.Read(ref _pending) > 0)
        {
            MarkDurable(durable);
        }
    }

    /// <inheritdoc/>
    void IControlDesk.OnOpened() => _ = RestoreAsync();

    /// <inheritdoc/>
    byte[]? IControlDesk.NextUpdate(uint sourceId, long connection)
    {
        lock (_gate)
        {
            if (_restoring is not { IsCompletedSuccessfully: true })
            {
                return null;
            }

            WriteExpired();
            return _book.NextToSend(sourceId, connection) is { } entry ? ControlFrames.Update(entry, Now()) : null;
        }
    }

    /// <inheritdoc/>
    void IControlDesk.OnResult(ControlLink link, ulong sessionId, in ParameterResultView result)
    {
        ref readonly var message = ref result.Message;
        var reason = ControlFrames.Words(result.Reason);
        lock (_gate)
        {
            if (_book.Answer(link.SourceId, in message) is { } entry)
            {
                Close(entry, message.State, message.Revision, sessionId, reason);
            }
        }
    }

    /// <summary>Stops; open updates stay in the log for the next process, and their callers' tasks are cancelled.</summary>
    /// <returns>Completes when nothing runs any more.</returns>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        Task? restoring;
        lock (_gate)
        {
            restoring = _restoring;
            foreach (var entry in _book.Open)
            {
                entry.Answered.TrySetCanceled(CancellationToken.None);
            }
        }

        await (restoring ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private ParameterEntry Open(ControlLink link, ParameterRequest request, byte[] parameters)
    {
        lock (_gate)
        {
            if (_book.Open.Count >= _maxPending)
            {
                throw new InvalidOperationException(
                    $"{_book.Open.Count} updates wait for an answer, as many as Mev:Ingest:Control:MaxPending allows; nothing was sent.");
            }

            var now = _time.GetUtcNow();
            var entry = _book.Request(Guid.NewGuid(), link.SourceId, request, parameters, now);
            Volatile.Write(ref _pending, _book.Open.Count);

            // In the order of the revisions, therefore under the gate.
            if (!_appender.TryAppend(ControlFrames.Change(entry, ParameterState.Requested, 0, "", ControlFrames.Nanoseconds(now))))
            {
                _book.Withdraw(entry);
                Volatile.Write(ref _pending, _book.Open.Count);
                throw new InvalidOperationException("The request could not be journaled: the lane is full or the intake has stopped. Nothing was sent; try again.");
            }

            if (_log() is null)
            {
                entry.IsDurable = true;
            }

            Log.ParametersRequested(_logger, link.Name, entry.StrategyId, entry.Revision, entry.UpdateId, entry.Actor);
            return entry;
        }
    }

    private void MarkDurable(Lsn durable)
    {
        bool any;
        lock (_gate)
        {
            any = _book.Durable(durable);
        }

        if (any)
        {
            WakeAll();
        }
    }

    private void WakeAll()
    {
        foreach (var link in _links.Values)
        {
            link.Wake();
        }
    }

    // Under the gate.
    private void Close(ParameterEntry entry, ParameterState state, ulong revision, ulong sessionId, string reason)
    {
        Volatile.Write(ref _pending, _book.Open.Count);
        var name = NameOf(entry.SourceId);
        IngestMetrics.ParameterResults.Add(1, new("source", name), new("state", IngestMetrics.Tag(state)));
        Log.ParametersAnswered(_logger, name, entry.StrategyId, entry.Revision, entry.UpdateId, state, reason);
        _unwritten.Enqueue(ControlFrames.Change(entry, state, sessionId, reason, Now()));
        WritePending();
        entry.Answered.TrySetResult(new ParameterOutcome(entry.UpdateId, state, revision, reason));
    }

    // An answer that met a full lane is tried again: late in the journal is better than never. A crash before asks the engine once more.
    private void WritePending()
    {
        while (_unwritten.TryPeek(out var frame) && _appender.TryAppend(frame))
        {
            _unwritten.Dequeue();
        }
    }

    private void WriteExpired()
    {
        foreach (var entry in _book.Expire(Now()))
        {
            Close(entry, ParameterState.Expired, _book.InForce(entry.SourceId, entry.StrategyId), 0, "its time ran out before the engine could be asked.");
        }
    }

    private void OnTick()
    {
        lock (_gate)
        {
            WriteExpired();
            WritePending();
        }
    }

    private async Task RestoreAndWakeAsync()
    {
        try
        {
            await ReadLogAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.ParametersNotRestored(_logger, exception);
            throw;
        }
    }

    private async Task ReadLogAsync()
    {
        if (_log() is not { } log)
        {
            return;
        }

        await foreach (var batch in log.ReadAsync(Lsn.None, follow: false, TemplateSet.Of(TemplateIds.ParameterChange), _stopping.Token).ConfigureAwait(false))
        {
            try
            {
                Restore(batch);
            }
            finally
            {
                batch.Release();
            }
        }

        lock (_gate)
        {
            Volatile.Write(ref _pending, _book.Open.Count);
            if (_book.Open.Count > 0)
            {
                Log.ParametersRestored(_logger, _book.Open.Count);
            }
        }
    }

    private void Restore(RecordBatch batch)
    {
        foreach (var record in batch)
        {
            if (record.Header.TemplateId == TemplateIds.ParameterChange && ParameterChangeView.TryRead(in record, out var view))
            {
                lock (_gate)
                {
                    _book.Restore(in view);
                }
            }
        }
    }

    private ControlLink LinkOf(string engine) =>
        engine is not null && _links.TryGetValue(engine, out var link)
            ? link
            : throw new ArgumentException($"No source has the name '{engine}'; there are: {string.Join(", ", _links.Keys)}.", nameof(engine));

    private string NameOf(uint sourceId) => _linksById.TryGetValue(sourceId, out var link) ? link.Name : $"source {sourceId:x8}";

    private ulong Now() => ControlFrames.Nanoseconds(_time.GetUtcNow());
}
