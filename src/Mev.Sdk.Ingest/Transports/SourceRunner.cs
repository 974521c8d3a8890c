using System.Net.Sockets;
using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>Runs the sessions of one source over connections that others make, one connection at a time.</summary>
internal sealed class SourceRunner
{
    private static readonly TimeSpan TailLimit = TimeSpan.FromSeconds(5);

    private readonly int _heartbeatTolerance;
    private readonly int _maxFrameBytes;
    private readonly bool? _expectSimulated;
    private readonly Func<IRecordLog?> _log;
    private readonly GapLedger _gaps;
    private readonly TimeProvider _time;
    private readonly SessionKey? _key;
    private readonly string _keySetting;
    private readonly TimeSpan _heartbeatInterval;
    private readonly TimeSpan _replayTimeout;
    private readonly TimeSpan _frameTimeout;
    private readonly bool _isAccepting;
    private SessionContext? _context;
    private EngineSession? _session;

    public SourceRunner(
        EngineSessionOptions options, string endpoint, Func<IRecordLog?>? log, GapLedger? gaps, IngestMonitor? monitor, TimeProvider time, ILogger logger,
        bool isAccepting = false)
    {
        Name = options.Name;
        SourceId = SourceIds.FromName(Name);
        PipeHighWaterBytes = options.PipeHighWaterBytes;
        _heartbeatTolerance = options.HeartbeatTolerance;
        _maxFrameBytes = options.MaxFrameBytes;
        _expectSimulated = options.ExpectSimulated;
        var errors = new List<string>();
        _key = options.ReadKey(options.Section, errors);
        OptionErrors.ThrowIfAny(errors, nameof(options));
        _keySetting = $"{options.Section}:Key (or KeyFile) of the source '{Name}'";
        _heartbeatInterval = options.HeartbeatInterval;
        _replayTimeout = options.ReplayTimeout;
        _frameTimeout = options.FrameTimeout;
        _time = time;
        _isAccepting = isAccepting;
        _log = log ?? (static () => null);
        _gaps = gaps ?? new GapLedger(timeProvider: time);
        _gaps.Register(Name);
        Monitor = (monitor ?? new IngestMonitor(time)).Add(Name, endpoint);
        Report = new SourceReport(Name, endpoint, Monitor, logger);
        Control = new ControlLink(Name, SourceId);
    }

    public string Name { get; }

    public uint SourceId { get; }

    /// <summary>Whether the engine must prove that it knows a key.</summary>
    public bool HasKey => _key is not null;

    public int PipeHighWaterBytes { get; }

    public SourceMonitor Monitor { get; }

    public SourceReport Report { get; }

    /// <summary>The way to the engine that is connected now, if any.</summary>
    public ControlLink Control { get; }

    /// <summary>What the sessions of one run share. The gap ledger learns first what the log knows.</summary>
    public async ValueTask<SessionContext> BeginAsync(IRecordIntake intake, CancellationToken cancellationToken)
    {
        var log = _log();
        if (log is not null)
        {
            await _gaps.RestoreAsync(log, cancellationToken).ConfigureAwait(false);
        }

        var context = new SessionContext
        {
            Name = Name,
            SourceId = SourceId,
            MaxFrameBytes = _maxFrameBytes,
            ExpectSimulated = _expectSimulated,
            Intake = intake,
            Progress = new SourceProgress(SourceId, log),
            Gaps = _gaps,
            Monitor = Monitor,
            Control = Control,
            Time = _time,
            Key = _key,
            KeySetting = _keySetting,
            IsAccepting = _isAccepting,
            HeartbeatInterval = _heartbeatInterval,
            ReplayTimeout = _replayTimeout,
            DurableOf = DurableOf,
            FrameTimeout = _frameTimeout,
        };
        Volatile.Write(ref _context, context);
        return context;
    }

    /// <summary>Tells the session that runs now what became durable; any thread.</summary>
    public void OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions)
    {
        Volatile.Read(ref _context)?.Progress.Acks.OnDurable(durable);
        if (Volatile.Read(ref _session) is { SessionId: not 0 } session)
        {
            foreach (ref readonly var position in positions)
            {
                Acknowledge(session, in position);
            }

            // A commit of other records, the healed ones among them, may free what was held back although this session's position stands.
            session.TellAcks();
        }
    }

    /// <summary>Runs one session to its end and stops the feed; the caller closes the connection.</summary>
    /// <param name="feed">The connection's bytes, from the engine's hello on.</param>
    /// <param name="context">What outlives the connection.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    /// <param name="admit">
    /// Asked once the engine is known for who it is, before anything of the context is touched; a reason refuses it. Nothing is reported of
    /// one that was not admitted. Null admits from the start.
    /// </param>
    /// <returns>How it ended, and whether the peer was of any use.</returns>
    public async Task<(SessionEnd End, bool HadProgress)> RunAsync(
        ConnectionFeed feed, SessionContext context, CancellationToken cancellationToken, Func<CancellationToken, ValueTask<string?>>? admit = null)
    {
        var isAdmitted = admit is null;
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var session = new EngineSession(context, feed.Connection.SendAsync, feed.Connection.IsCapture)
        {
            Admit = admit is null ? null : async token =>
            {
                var refusal = await admit(token).ConfigureAwait(false);
                isAdmitted = refusal is null;
                return refusal;
            },
            Subscribed = (self, hello, engine, from) => OnSubscribed(self, feed, in hello, engine, from),
        };
        var sends = session.RunSendsAsync(sending.Token);
        var end = default(SessionEnd);
        try
        {
            end = await session.RunAsync(feed.Reader, cancellationToken).ConfigureAwait(false);
            if (end.Kind == SessionEndKind.EndOfStream && isAdmitted && session.SessionId != 0)
            {
                await AcknowledgeTailAsync(session, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (FrameFormatException exception)
        {
            if (isAdmitted)
            {
                Report.Malformed(exception, session.HasProgress, context.Progress.Next);
            }

            await TrySayGoodbyeAsync(session, exception.Message).ConfigureAwait(false);
            end = new SessionEnd(SessionEndKind.Malformed, $"malformed frame: {exception.Message}");
        }
        catch (SessionProtocolException exception)
        {
            await TrySayGoodbyeAsync(session, exception.Message).ConfigureAwait(false);
            end = new SessionEnd(SessionEndKind.Refused, exception.Message);
        }
        catch (Exception exception) when (ConnectionErrors.IsBroken(exception))
        {
            end = new SessionEnd(SessionEndKind.Broken, exception.Message);
        }
        finally
        {
            // A connection that was never let in must not take the way to the engine from the one that was.
            var wasCurrent = ReferenceEquals(Interlocked.CompareExchange(ref _session, null, session), session);
            await sending.CancelAsync().ConfigureAwait(false);
            if (wasCurrent)
            {
                await Control.CloseAsync().ConfigureAwait(false);
            }

            var broken = await feed.StopAsync().ConfigureAwait(false);
            await sends.ConfigureAwait(false);
            if (end.Kind == SessionEndKind.Broken)
            {
                end = Explain(end, feed.Watch, broken, session);
            }
        }

        if (session.HasProgress)
        {
            Report.Progressed(end.Kind);
        }

        return (end, session.HasProgress);
    }

    private void OnSubscribed(EngineSession session, ConnectionFeed feed, in HelloMessage hello, string engine, ulong from)
    {
        // What became durable while nobody could be told: the engine holds records back for us until it hears of it.
        feed.Open();
        Volatile.Write(ref _session, session);
        AcknowledgeDurable(session);

        // An interval of 0 or of hours is the peer's mistake; neither may make us deaf or nervous.
        var interval = Math.Clamp(hello.HeartbeatMilliseconds, 10u, 60_000u);
        feed.Watch.Tolerance = feed.Connection.IsCapture
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds((double)interval * _heartbeatTolerance);
        Report.Subscribed(engine, hello.SessionId, from);
        Control.Open(hello.Flags, session.SendAsync);
    }

    private ulong? DurableOf(ulong session)
    {
        if (_log() is not { } log)
        {
            return null;
        }

        var durable = 0UL;
        foreach (var position in log.DurablePositions)
        {
            if (position.SourceId == SourceId && position.SessionId == session)
            {
                durable = Math.Max(durable, position.Sequence);
            }
        }

        return durable;
    }

    private void AcknowledgeDurable(EngineSession session)
    {
        if (_log() is { } log)
        {
            // The mark first: a position that is told after it is not less durable.
            Volatile.Read(ref _context)?.Progress.Acks.OnDurable(log.DurableLsn);
            foreach (var position in log.DurablePositions)
            {
                Acknowledge(session, in position);
            }
        }
    }

    private void Acknowledge(EngineSession session, in StreamPosition position)
    {
        if (position.SourceId == SourceId && position.SessionId == session.SessionId)
        {
            session.Acknowledge(position.Sequence);
        }
    }

    // An engine that waits for its last records to be safe hears of it before the connection closes.
    private async Task AcknowledgeTailAsync(EngineSession session, CancellationToken cancellationToken)
    {
        if (_log() is null)
        {
            return;
        }

        // Also a session that ended without a subscription: the engine may not know yet that its tail is safe.
        Volatile.Write(ref _session, session);
        AcknowledgeDurable(session);
        try
        {
            await session.WhenTailSentAsync().WaitAsync(TailLimit, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // A log that takes longer is heard of when the stream is asked for again, and by the next process.
        }
    }

    private async ValueTask TrySayGoodbyeAsync(EngineSession session, string reason)
    {
        try
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);
            await session.SendAsync(SessionFrames.Goodbye(GoodbyeCode.ProtocolError, reason, 0, 0), timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (ConnectionErrors.IsBrokenOrCancelled(exception))
        {
            // Politeness only: the peer may be gone, or no engine at all.
        }
    }

    private SessionEnd Explain(SessionEnd end, SilenceWatch watch, Exception? broken, EngineSession session) =>
        watch.IsSilent && session.SessionId == 0
            ? end with { Reason = $"connected, but no hello came within {DurationText.Of(watch.Tolerance)}. Is it a Mev.Sdk engine stream?" }
        : watch.IsSilent ? end with { Reason = $"the engine was silent for {DurationText.Of(watch.Tolerance)}, {_heartbeatTolerance} heartbeat intervals." }
        : broken is SocketException or IOException ? end with { Reason = ConnectionErrors.Sentence(broken) }
        : end;
}
