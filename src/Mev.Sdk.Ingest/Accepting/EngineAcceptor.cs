using System.Globalization;
using System.Net.WebSockets;
using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Ingest.Transports.Web;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Accepting;

/// <summary>Takes in engines that connect to this host, each known by the name in its hello and, unless the caller vouches for it, by its key.</summary>
/// <remarks>
/// <para>Thread-safe: connections are independent. Of two connections of one engine the newer wins, once it has proven who it is: an engine
/// that was cut off comes back before its host has noticed, and must not be locked out by its own ghost.</para>
/// <para>Resuming, gaps and acknowledgements are those of <see cref="EngineRecordSource"/>.</para>
/// </remarks>
public sealed class EngineAcceptor : IDurabilityListener
{
    /// <summary>The WebSocket sub-protocol that engines ask for.</summary>
    public const string SubProtocol = WebSocketConnection.SubProtocol;

    // The same words for every refusal: who is not let in learns nothing about who would be.
    private const string NotAccepted = "this host does not accept this engine.";

    private readonly Dictionary<string, AcceptedSource> _engines = new(StringComparer.Ordinal);
    private readonly Func<IRecordIntake> _intake;
    private readonly int _maxConnections;
    private readonly int _pipeHighWaterBytes;
    private readonly TimeSpan _handshakeTimeout;
    private readonly HashSet<string> _allowedOrigins;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RefusalReport _refusals;
    private readonly Doorkeeper _door;

    /// <summary>Creates an acceptor.</summary>
    /// <param name="options">Which engines may connect and within which limits; copied.</param>
    /// <param name="intake">Gives the sequencer; asked when the first engine was let in.</param>
    /// <param name="log">Gives the durable log, from which a restart resumes. Null or a null result: start at what an engine retains.</param>
    /// <param name="gaps">Where missing ranges go; one of its own for each engine when null.</param>
    /// <param name="monitor">Where state and counters are shown; one of its own when null.</param>
    /// <param name="timeProvider">Clock and timers; the system's by default.</param>
    /// <param name="logger">Where connections and failures are reported.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names every one.</exception>
    public EngineAcceptor(
        EngineAcceptorOptions options,
        Func<IRecordIntake> intake,
        Func<IRecordLog?>? log = null,
        GapLedger? gaps = null,
        IngestMonitor? monitor = null,
        TimeProvider? timeProvider = null,
        ILogger<EngineAcceptor>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(intake);
        var errors = new List<string>();
        options.Validate("Mev:Ingest:Accept", errors);
        OptionErrors.ThrowIfAny(errors, nameof(options));
        _intake = intake;
        _maxConnections = options.MaxConnections;
        _door = new Doorkeeper(options.MaxConnections);
        _handshakeTimeout = options.HandshakeTimeout;
        _allowedOrigins = new HashSet<string>(options.AllowedOrigins, StringComparer.OrdinalIgnoreCase);
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<EngineAcceptor>.Instance;
        _refusals = new RefusalReport(_logger);

        // Whose bytes they are is known only when the hello is in the pipe.
        _pipeHighWaterBytes = options.Engines.Select(engine => engine.PipeHighWaterBytes).DefaultIfEmpty(64 << 10).Max();
        foreach (var (i, engine) in options.Engines.Index())
        {
            engine.Section = string.Create(CultureInfo.InvariantCulture, $"Mev:Ingest:Accept:Engines:{i}");
            var runner = new SourceRunner(engine, $"engine '{engine.NameInHello}' by WebSocket", log, gaps, monitor, _time, _logger, isAccepting: true);
            _engines.Add(engine.NameInHello, new AcceptedSource(runner, _time));
        }
    }

    /// <summary>Connections that are served now, those that have not yet proven who they are included.</summary>
    public int ConnectionCount => _door.Count;

    /// <summary>
    /// Whether one more connection would be taken; a moment later it may be otherwise. Those that have not proven who they are take no room: the oldest gives way.
    /// </summary>
    public bool HasRoom => _door.HasRoom;

    /// <summary>The ways to the engines, connected or not.</summary>
    internal IEnumerable<ControlLink> Controls => _engines.Values.Select(engine => engine.Runner.Control);

    /// <summary>Whether a request with this Origin header may connect.</summary>
    /// <param name="origin">The header's value; null or empty when there is none.</param>
    /// <returns>True without one, and for those of <see cref="EngineAcceptorOptions.AllowedOrigins"/>.</returns>
    public bool IsOriginAllowed(string? origin) => string.IsNullOrEmpty(origin) || _allowedOrigins.Contains(origin);

    /// <summary>Serves one engine until its connection ends.</summary>
    /// <param name="socket">The accepted WebSocket; disposed at the end.</param>
    /// <param name="peer">Who connected, for logs: an address.</param>
    /// <param name="isAuthorized">
    /// Whether the caller vouches for the peer, as an authorization policy does. Without, an engine must have a key configured here and prove it.
    /// </param>
    /// <param name="cancellationToken">Ends the connection.</param>
    /// <returns>Completes when the connection is over; fails for no reason that lies with the peer.</returns>
    public Task RunAsync(WebSocket socket, string peer, bool isAuthorized, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(peer);
        return RunAsync(new WebSocketConnection(socket, peer), isAuthorized, cancellationToken);
    }

    /// <inheritdoc/>
    public void OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions)
    {
        foreach (var engine in _engines.Values)
        {
            engine.Runner.OnDurable(durable, positions);
        }
    }

    internal async Task RunAsync(IStreamConnection connection, bool isAuthorized, CancellationToken cancellationToken)
    {
        await using (connection.ConfigureAwait(false))
        {
            using var accepted = new AcceptedConnection(_handshakeTimeout, _time, cancellationToken);
            var isIn = _door.TryEnter(accepted);
            try
            {
                if (!isIn)
                {
                    await RefuseAsync(connection, GoodbyeCode.Busy, $"the host already serves {_maxConnections} connections, its limit.").ConfigureAwait(false);
                    _refusals.Refused(connection.Peer, "there are too many connections; raise Mev:Ingest:Accept:MaxConnections if they are all wanted.");
                    return;
                }

                await AcceptAsync(connection, accepted, isAuthorized, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _door.Leave(accepted);
            }
        }
    }

    private async Task AcceptAsync(IStreamConnection connection, AcceptedConnection accepted, bool isAuthorized, CancellationToken cancellationToken)
    {
        using var feed = new ConnectionFeed(connection, _pipeHighWaterBytes, _handshakeTimeout, _time, accepted.Token);
        try
        {
            var name = await HelloPeek.ReadNameAsync(feed.Reader, accepted.Token).ConfigureAwait(false);
            if (name is null)
            {
                _refusals.Refused(connection.Peer, "it does not begin with an engine's hello.");
            }
            else if (!_engines.TryGetValue(name, out var source))
            {
                await RefuseAsync(connection, GoodbyeCode.Unauthorized, NotAccepted, feed.Ended).ConfigureAwait(false);
                _refusals.Refused(connection.Peer, $"no engine '{name}' is configured; add it to Mev:Ingest:Accept:Engines if it is yours.");
            }
            else if (!source.HasKey && !isAuthorized)
            {
                await RefuseAsync(connection, GoodbyeCode.Unauthorized, NotAccepted, feed.Ended).ConfigureAwait(false);
                _refusals.Refused(
                    connection.Peer, $"engine '{name}' has no key; give its entry of Mev:Ingest:Accept:Engines one, or protect the endpoint by an authorization policy.");
            }
            else
            {
                await RunSourceAsync(source, accepted, feed, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (accepted.Token.IsCancellationRequested)
        {
            if (accepted is { IsAdmitted: false, IsLate: true })
            {
                _refusals.Refused(connection.Peer, $"it was not let in within {DurationText.Of(_handshakeTimeout)}.");
            }
            else if (accepted is { IsAdmitted: false, IsReplaced: true })
            {
                _refusals.Refused(connection.Peer, "it gave way to newer connections: too many wait to say who they are.");
            }
        }
        finally
        {
            await feed.StopAsync().ConfigureAwait(false);
        }
    }

    private async Task RunSourceAsync(AcceptedSource source, AcceptedConnection accepted, ConnectionFeed feed, CancellationToken stopping)
    {
        var runner = source.Runner;
        var end = new SessionEnd(SessionEndKind.Broken, "the host ends the connection.");
        try
        {
            (end, _) = await runner.RunAsync(
                feed, await source.ContextForAsync(_intake).ConfigureAwait(false), accepted.Token, async _ => await AdmitAsync(source, accepted).ConfigureAwait(false)).ConfigureAwait(false);
            if (!accepted.IsAdmitted)
            {
                _refusals.Refused(feed.Connection.Peer, end.Reason);
            }
        }
        catch (Exception exception) when (exception is IntakeStoppedException or BatchRefusedException)
        {
            end = new SessionEnd(SessionEndKind.Broken, exception.Message);
            Log.SourceFailed(_logger, exception, runner.Name);
        }
        finally
        {
            if (accepted.IsAdmitted && source.Leave(accepted) && !accepted.IsReplaced)
            {
                Report(runner, end, stopping.IsCancellationRequested);
            }
        }
    }

    private static void Report(SourceRunner runner, SessionEnd end, bool isStopping)
    {
        if (isStopping)
        {
            runner.Monitor.SetState(SourceState.Ended, "the source was stopped.");
        }
        else
        {
            runner.Report.Ended(end, delay: null);
        }
    }

    private async ValueTask<string?> AdmitAsync(AcceptedSource source, AcceptedConnection accepted)
    {
        if (!_door.Prove(accepted) || !accepted.Admit())
        {
            return NotAccepted;
        }

        _refusals.Admitted();
        if (await source.TakeOverAsync(accepted).ConfigureAwait(false))
        {
            source.Runner.Monitor.OnReconnect();
            Log.SourceReplaced(_logger, source.Runner.Name);
        }

        return null;
    }

    private async Task RefuseAsync(IStreamConnection connection, GoodbyeCode code, string reason, Task? peerLeft = null)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);
            await connection.SendAsync(SessionFrames.Goodbye(code, reason, 0, 0), limit.Token).ConfigureAwait(false);
            if (peerLeft is not null)
            {
                // To stop receiving resets the connection, and the goodbye may be lost with it: the peer closes first.
                await connection.ShutdownSendAsync(limit.Token).ConfigureAwait(false);
                await peerLeft.WaitAsync(limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (ConnectionErrors.IsBrokenOrCancelled(exception))
        {
            // Politeness only.
        }
    }
}
