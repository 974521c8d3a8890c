using System.Net.Sockets;
using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports.Captures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>Takes an engine's stream from an endpoint; reconnects and resumes by itself, each record once. The endpoint's URI chooses the transport.</summary>
/// <remarks>
/// <para>Within a process it resumes behind the last record it delivered; after a restart behind the last one that the journal holds. What an
/// engine no longer retains goes to the gap ledger. A malformed frame, a broken protocol or silence end a session, never the source; nor does a journal that
/// cannot be read at the start (<see cref="IOException"/>): it is tried again, at first after a second, at last every minute, and nothing is taken meanwhile.</para>
/// <para><see cref="RunAsync"/> runs once at a time; <see cref="OnDurable"/> may be called from any thread.</para>
/// </remarks>
/// <example>
/// <code>
/// var source = new EngineRecordSource(new EngineSourceOptions { Name = "engine", Endpoint = "tcp://127.0.0.1:9100" }, () => journal);
/// await source.RunAsync(sequencer, cancellationToken);
/// </code>
/// </example>
public sealed class EngineRecordSource : IRecordSource, IDurabilityListener, IControllableSource
{
    private static readonly TimeSpan LogRetryInitial = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogRetryMax = TimeSpan.FromMinutes(1);

    private readonly ITransport _transport;
    private readonly TimeSpan _connectTimeout;
    private readonly bool _reconnectAfterEnd;
    private readonly ReconnectDelay _delay;
    private readonly SourceRunner _runner;
    private readonly string? _captureFolder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private bool _everConnected;

    /// <summary>Creates a source; it connects when it is run.</summary>
    /// <param name="options">Where to connect and within which limits; copied.</param>
    /// <param name="log">Gives the durable log, from which a restart resumes; asked whenever a session begins. Null or a null result: start at what the engine retains.</param>
    /// <param name="gaps">Where missing ranges go; one of its own when null.</param>
    /// <param name="monitor">Where state and counters are shown; one of its own when null.</param>
    /// <param name="timeProvider">Clock and timers; the system's by default.</param>
    /// <param name="logger">Where connections and failures are reported.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names every one.</exception>
    public EngineRecordSource(
        EngineSourceOptions options,
        Func<IRecordLog?>? log = null,
        GapLedger? gaps = null,
        IngestMonitor? monitor = null,
        TimeProvider? timeProvider = null,
        ILogger<EngineRecordSource>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate("Mev:Ingest:Sources", errors);
        OptionErrors.ThrowIfAny(errors, nameof(options));
        _connectTimeout = options.ConnectTimeout;
        _reconnectAfterEnd = options.ReconnectAfterEnd;
        _delay = new ReconnectDelay(options.ReconnectInitialDelay, options.ReconnectMaxDelay, Random.Shared);
        _time = timeProvider ?? TimeProvider.System;
        _transport = EngineEndpoint.Create(options, _time);
        _captureFolder = options.CaptureFolder;
        _logger = logger ?? NullLogger<EngineRecordSource>.Instance;
        _runner = new SourceRunner(options, options.Endpoint, log, gaps, monitor, _time, _logger);
    }

    /// <inheritdoc/>
    public string Name => _runner.Name;

    /// <summary>The id of this source in <see cref="StreamPosition.SourceId"/>.</summary>
    public uint SourceId => _runner.SourceId;

    /// <inheritdoc/>
    ControlLink IControllableSource.Control => _runner.Control;

    /// <inheritdoc/>
    /// <exception cref="IntakeStoppedException">The sequencer stopped; running the source again would not help.</exception>
    public async Task RunAsync(IRecordIntake intake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intake);
        try
        {
            var context = await BeginAsync(intake, cancellationToken).ConfigureAwait(false);
            while (true)
            {
                var end = await RunConnectionAsync(context, cancellationToken).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                var delay = end.Kind is SessionEndKind.EndOfStream or SessionEndKind.Refused ? _delay.Longest() : _delay.Next();
                _runner.Report.Ended(end, delay);
                if (end.Kind == SessionEndKind.EndOfStream && !_reconnectAfterEnd)
                {
                    return;
                }

                await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _runner.Monitor.SetState(SourceState.Ended, "the source was stopped.");
        }
        catch (Exception exception)
        {
            _runner.Monitor.SetState(SourceState.Ended, exception.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    public void OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions) => _runner.OnDurable(durable, positions);

    // A disk that is away for a while must not cost the stream for good. A journal that is damaged, or whose key is missing, does not come right by waiting.
    private async Task<SessionContext> BeginAsync(IRecordIntake intake, CancellationToken cancellationToken)
    {
        var delay = new ReconnectDelay(LogRetryInitial, LogRetryMax, Random.Shared);
        while (true)
        {
            try
            {
                return await _runner.BeginAsync(intake, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                var wait = delay.Next();
                _runner.Report.LogNotReadable(exception, wait);
                await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<SessionEnd> RunConnectionAsync(SessionContext context, CancellationToken cancellationToken)
    {
        IStreamConnection connection;
        try
        {
            using var timeout = new CancellationTokenSource(_connectTimeout, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            connection = Captured(await _transport.ConnectAsync(both.Token).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            var reason = exception is OperationCanceledException ? $"no connection within {DurationText.Of(_connectTimeout)}." : ConnectionErrors.Sentence(exception);
            return new SessionEnd(SessionEndKind.Broken, $"cannot connect: {reason}");
        }

        await using (connection.ConfigureAwait(false))
        {
            if (_everConnected)
            {
                _runner.Monitor.OnReconnect();
            }

            _everConnected = true;
            using var feed = new ConnectionFeed(connection, _runner.PipeHighWaterBytes, _connectTimeout, _time, cancellationToken);
            var (end, hadProgress) = await _runner.RunAsync(feed, context, cancellationToken).ConfigureAwait(false);
            if (hadProgress)
            {
                _delay.Reset();
            }

            return end;
        }
    }

    // Who asked for a capture wants the records first of all: without room for the one, the other goes on.
    private IStreamConnection Captured(IStreamConnection connection)
    {
        if (_captureFolder is null || connection.IsCapture)
        {
            return connection;
        }

        try
        {
            var writer = CaptureWriter.CreateIn(_captureFolder, Name, _time.GetUtcNow());
            return new CapturingConnection(connection, writer, exception => Log.CaptureFailed(_logger, exception, Name, writer.Path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.CaptureFailed(_logger, exception, Name, _captureFolder);
            return connection;
        }
    }
}
