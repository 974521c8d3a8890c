using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>Takes an engine's stream over TCP; reconnects and resumes by itself, each record once.</summary>
/// <remarks>
/// <para>Within a process it resumes behind the last record it delivered; after a restart behind the last one that the journal holds. What an
/// engine no longer retains goes to the gap ledger. A malformed frame, a broken protocol or silence end a session, never the source.</para>
/// <para><see cref="RunAsync"/> runs once at a time; <see cref="OnDurable"/> may be called from any thread.</para>
/// </remarks>
/// <example>
/// <code>
/// var source = new TcpRecordSource(new TcpSourceOptions { Name = "engine", Endpoint = "tcp://127.0.0.1:9100" }, () => journal);
/// await source.RunAsync(sequencer, cancellationToken);
/// </code>
/// </example>
public sealed class TcpRecordSource : IRecordSource, IDurabilityListener
{
    private static readonly TimeSpan TailLimit = TimeSpan.FromSeconds(5);

    private readonly EndPoint _endpoint;
    private readonly string _endpointText;
    private readonly TimeSpan _connectTimeout;
    private readonly int _heartbeatTolerance;
    private readonly bool _reconnectAfterEnd;
    private readonly int _maxFrameBytes;
    private readonly int _pipeHighWaterBytes;
    private readonly bool? _expectSimulated;
    private readonly ReconnectDelay _delay;
    private readonly Func<IRecordLog?> _log;
    private readonly GapLedger _gaps;
    private readonly SourceMonitor _monitor;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private EngineSession? _session;
    private bool _everConnected;
    private bool _reported;
    private string? _lastError;

    /// <summary>Creates a source; it connects when it is run.</summary>
    /// <param name="options">Where to connect and within which limits; copied.</param>
    /// <param name="log">Gives the durable log, from which a restart resumes; asked whenever a session begins. Null or a null result: start at what the engine retains.</param>
    /// <param name="gaps">Where missing ranges go; one of its own when null.</param>
    /// <param name="monitor">Where state and counters are shown; one of its own when null.</param>
    /// <param name="timeProvider">Clock and timers; the system's by default.</param>
    /// <param name="logger">Where connections and failures are reported.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names every one.</exception>
    public TcpRecordSource(
        TcpSourceOptions options,
        Func<IRecordLog?>? log = null,
        GapLedger? gaps = null,
        IngestMonitor? monitor = null,
        TimeProvider? timeProvider = null,
        ILogger<TcpRecordSource>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate("Mev:Ingest:Sources", errors);
        OptionErrors.ThrowIfAny(errors, nameof(options));
        _endpoint = TcpEndpoint.Parse(options.Endpoint);
        _endpointText = options.Endpoint;
        _connectTimeout = options.ConnectTimeout;
        _heartbeatTolerance = options.HeartbeatTolerance;
        _reconnectAfterEnd = options.ReconnectAfterEnd;
        _maxFrameBytes = options.MaxFrameBytes;
        _pipeHighWaterBytes = options.PipeHighWaterBytes;
        _expectSimulated = options.ExpectSimulated;
        _delay = new ReconnectDelay(options.ReconnectInitialDelay, options.ReconnectMaxDelay, Random.Shared);
        Name = options.Name;
        SourceId = SourceIds.FromName(Name);
        _time = timeProvider ?? TimeProvider.System;
        _log = log ?? (static () => null);
        _gaps = gaps ?? new GapLedger(timeProvider: _time);
        _gaps.Register(Name);
        _monitor = (monitor ?? new IngestMonitor(_time)).Add(Name, _endpointText);
        _logger = logger ?? NullLogger<TcpRecordSource>.Instance;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The id of this source in <see cref="StreamPosition.SourceId"/>.</summary>
    public uint SourceId { get; }

    /// <inheritdoc/>
    /// <exception cref="IntakeStoppedException">The sequencer stopped; running the source again would not help.</exception>
    public async Task RunAsync(IRecordIntake intake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intake);
        var context = new SessionContext
        {
            Name = Name,
            SourceId = SourceId,
            MaxFrameBytes = _maxFrameBytes,
            ExpectSimulated = _expectSimulated,
            Intake = intake,
            Progress = new SourceProgress(SourceId, _log()),
            Gaps = _gaps,
            Monitor = _monitor,
        };
        try
        {
            while (true)
            {
                var end = await RunConnectionAsync(context, cancellationToken).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                var delay = end.Kind is SessionEndKind.EndOfStream or SessionEndKind.Refused ? _delay.Longest() : _delay.Next();
                Report(end, delay);
                if (end.Kind == SessionEndKind.EndOfStream && !_reconnectAfterEnd)
                {
                    return;
                }

                await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _monitor.SetState(SourceState.Ended, "the source was stopped.");
        }
        catch (Exception exception)
        {
            _monitor.SetState(SourceState.Ended, exception.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    public void OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions)
    {
        if (Volatile.Read(ref _session) is not { SessionId: not 0 } session)
        {
            return;
        }

        foreach (ref readonly var position in positions)
        {
            if (position.SourceId == SourceId && position.SessionId == session.SessionId)
            {
                session.Acknowledge(position.Sequence);
            }
        }
    }

    private async Task<SessionEnd> RunConnectionAsync(SessionContext context, CancellationToken cancellationToken)
    {
        // Without a family the socket takes both, and falls back to IPv4 where there is no other.
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using var timeout = new CancellationTokenSource(_connectTimeout, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await socket.ConnectAsync(_endpoint, both.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            var reason = exception is SocketException ? $"{exception.Message}." : $"no connection within {_connectTimeout}.";
            return new SessionEnd(SessionEndKind.Broken, $"cannot connect: {reason}");
        }

        socket.NoDelay = true;
        if (_everConnected)
        {
            _monitor.OnReconnect();
        }

        _everConnected = true;
        return await RunSessionAsync(socket, context, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SessionEnd> RunSessionAsync(Socket socket, SessionContext context, CancellationToken cancellationToken)
    {
        using var watch = new SilenceWatch(_connectTimeout, _time, cancellationToken);
        using var acking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var session = new EngineSession(context, (frame, token) => SendAsync(socket, frame, token))
        {
            Subscribed = (self, hello, engine, from) => OnSubscribed(self, watch, in hello, engine, from),
        };
        var pipe = SocketPump.CreatePipe(_pipeHighWaterBytes);
        var pump = SocketPump.RunAsync(socket, pipe.Writer, watch);
        var acks = session.RunAcksAsync(acking.Token);
        Volatile.Write(ref _session, session);
        var end = default(SessionEnd);
        try
        {
            end = await session.RunAsync(pipe.Reader, cancellationToken).ConfigureAwait(false);
            if (end.Kind == SessionEndKind.EndOfStream)
            {
                await AcknowledgeTailAsync(session, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (FrameFormatException exception)
        {
            end = await OnMalformedAsync(session, context, exception).ConfigureAwait(false);
        }
        catch (SessionProtocolException exception)
        {
            await TrySayGoodbyeAsync(session, exception.Message).ConfigureAwait(false);
            end = new SessionEnd(SessionEndKind.Refused, exception.Message);
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
        {
            end = new SessionEnd(SessionEndKind.Broken, exception.Message);
        }
        finally
        {
            Volatile.Write(ref _session, null);
            await acking.CancelAsync().ConfigureAwait(false);
            watch.Cancel();
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
            await acks.ConfigureAwait(false);
            var broken = await pump.ConfigureAwait(false);
            if (end.Kind == SessionEndKind.Broken)
            {
                end = Explain(end, watch, broken, session);
            }
        }

        if (session.HasProgress)
        {
            _delay.Reset();
            if (end.Kind != SessionEndKind.Malformed)
            {
                _lastError = null;
            }
        }

        return end;
    }

    private void OnSubscribed(EngineSession session, SilenceWatch watch, in HelloMessage hello, string engine, ulong from)
    {
        // What became durable while nobody could be told: the engine holds records back for us until it hears of it.
        AcknowledgeDurable(session);

        // An interval of 0 or of hours is the peer's mistake; neither may make us deaf or nervous.
        var interval = Math.Clamp(hello.HeartbeatMilliseconds, 10u, 60_000u);
        watch.Tolerance = TimeSpan.FromMilliseconds((double)interval * _heartbeatTolerance);
        _reported = false;
        _monitor.SetState(SourceState.Connected, "");
        Log.SourceSubscribed(_logger, Name, engine, _endpointText, hello.SessionId, from);
    }

    private void AcknowledgeDurable(EngineSession session)
    {
        foreach (var position in _log()?.DurablePositions ?? [])
        {
            if (position.SourceId == SourceId && position.SessionId == session.SessionId)
            {
                session.Acknowledge(position.Sequence);
            }
        }
    }

    // An engine that waits for its last records to be safe hears of it before the connection closes.
    private async Task AcknowledgeTailAsync(EngineSession session, CancellationToken cancellationToken)
    {
        if (_log() is null)
        {
            return;
        }

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

    private async ValueTask<SessionEnd> OnMalformedAsync(EngineSession session, SessionContext context, FrameFormatException exception)
    {
        _monitor.OnMalformed(exception.Error);
        var level = LevelOf($"malformed: {exception.Error}", session.HasProgress);
        Log.SourceMalformed(_logger, level, Name, _endpointText, exception.Message, context.Progress.Next);
        _reported = true;
        await TrySayGoodbyeAsync(session, exception.Message).ConfigureAwait(false);
        return new SessionEnd(SessionEndKind.Malformed, $"malformed frame: {exception.Message}");
    }

    // The same mistake of the same peer is an error once; after progress, or another cause, it is news again.
    private LogLevel LevelOf(string cause, bool hadProgress)
    {
        var known = !hadProgress && cause == _lastError;
        _lastError = cause;
        return known ? LogLevel.Debug : LogLevel.Error;
    }

    private async ValueTask TrySayGoodbyeAsync(EngineSession session, string reason)
    {
        try
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);
            await session.SendAsync(SessionFrames.Goodbye(GoodbyeCode.ProtocolError, reason, 0, 0), timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // Politeness only: the peer may be gone, or no engine at all.
        }
    }

    private SessionEnd Explain(SessionEnd end, SilenceWatch watch, Exception? broken, EngineSession session) =>
        watch.IsSilent && session.SessionId == 0
            ? end with { Reason = $"connected, but no hello came within {watch.Tolerance}. Is it a Mev.Sdk engine stream?" }
        : watch.IsSilent ? end with { Reason = $"the engine was silent for {watch.Tolerance}, {_heartbeatTolerance} heartbeat intervals." }
        : broken is SocketException ? end with { Reason = $"{broken.Message}." }
        : end;

    // A stream that cannot be reached is reported once, not with every try.
    private void Report(SessionEnd end, TimeSpan delay)
    {
        switch (end.Kind)
        {
            case SessionEndKind.EndOfStream:
                if (_monitor.GetSnapshot() is { State: not SourceState.Ended } snapshot)
                {
                    Log.SourceEnded(_logger, Name, _endpointText, snapshot.LastSequence, end.Reason);
                    _monitor.SetState(SourceState.Ended, end.Reason);
                }

                _reported = true;
                break;
            case SessionEndKind.Refused:
                Log.SourceRefused(_logger, LevelOf($"refused: {end.Reason}", hadProgress: false), Name, _endpointText, end.Reason);
                _monitor.SetState(SourceState.Disconnected, end.Reason);
                _reported = true;
                break;
            default:
                // An ended stream whose engine is gone stays ended: that is no news.
                if (_monitor.GetSnapshot().State != SourceState.Ended)
                {
                    _monitor.SetState(SourceState.Disconnected, end.Reason);
                }

                if (!_reported)
                {
                    Log.SourceDisconnected(_logger, Name, _endpointText, end.Reason, delay);
                    _reported = true;
                }

                break;
        }
    }

    private static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        while (!frame.IsEmpty)
        {
            frame = frame[await socket.SendAsync(frame, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
    }
}
