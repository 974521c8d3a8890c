using System.Net.WebSockets;
using System.Text;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Diagnostics;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Ingest.Solana.Rpc;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Solana.Ws;

/// <summary>Follows a node's WebSocket subscriptions (slots, roots, blocks, logs); reconnects, subscribes again, and gets what it missed by JSON-RPC.</summary>
/// <remarks>
/// <para>A WebSocket has no replay: what happened between two connections is found by the blocks' parents, filled by RPC where an endpoint is
/// configured, and in the gap ledger otherwise.</para>
/// <para><see cref="RunAsync"/> runs once at a time.</para>
/// </remarks>
public sealed class SolanaWebSocketSource : IRecordSource, IDisposable
{
    internal const string Kind = "solana-ws";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(400);

    private readonly SolanaWebSocketSourceOptions _options;
    private readonly EndpointSecrets _secrets;
    private readonly RpcClient? _rpc;
    private readonly Func<IRecordLog?> _log;
    private readonly GapLedger _gaps;
    private readonly SourceWatch _watch;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private string? _lastReason;
    private bool _everConnected;

    /// <summary>Creates a source; it connects when it is run.</summary>
    /// <param name="options">Where to connect and what is wanted; not to be changed any more.</param>
    /// <param name="log">Gives the durable log, from which a restart resumes; null or a null result: start with what comes next.</param>
    /// <param name="gaps">Where missing slots go; one of its own when null.</param>
    /// <param name="monitor">Where state and counters are shown; one of its own when null.</param>
    /// <param name="timeProvider">Clock and timers; the system's by default.</param>
    /// <param name="logger">Where connections and gaps are reported.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names every one.</exception>
    public SolanaWebSocketSource(
        SolanaWebSocketSourceOptions options,
        Func<IRecordLog?>? log = null,
        GapLedger? gaps = null,
        IngestMonitor? monitor = null,
        TimeProvider? timeProvider = null,
        ILogger<SolanaWebSocketSource>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate(SolanaWebSocketSourceOptions.Section, errors);
        OptionChecks.ThrowIfAny(errors, nameof(options));
        _options = options;
        Name = options.Name;
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<SolanaWebSocketSource>.Instance;
        _secrets = new EndpointSecrets(options.Endpoint, options.Token);
        ClearTokens.Warn(_logger, Name, (options.Endpoint, options.Token), (options.Fill.Endpoint, options.Fill.Token));
        _rpc = options.Fill.Endpoint.Length > 0 ? new RpcClient(options.Fill, _time, _logger) : null;
        _log = log ?? (static () => null);
        _gaps = gaps ?? new GapLedger(timeProvider: _time);
        _gaps.Register(Name);
        _watch = (monitor ?? new IngestMonitor(_time)).AddSource(Name, _secrets.Display);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task RunAsync(IRecordIntake intake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intake);
        try
        {
            var context = new ChainContext(Name, ChainSessions.Of(Kind, _options.Cluster), _gaps, _watch, _time);
            var book = new SlotBook(ChainDefaults.Window);
            var next = await ChainDefaults.RestoreAsync(context, _log(), book, cancellationToken).ConfigureAwait(false);
            using var stream = new ChainStream(context, intake, next, book);
            var filler = new GapFiller(stream, _rpc is null ? null : new BlockFetcher(_rpc), filter: null, _options.FillInterval, _options.MaxFillAttempts, _logger);
            ChainDefaults.Reopen(context, filler);
            _watch.OnSession(context.SessionId, "Solana WebSocket");
            Log.SourceStarted(_logger, Name, _secrets.Display, context.SessionId, book.ResumeSlot, next);
            using var follower = new WsFollower(stream, filler, _options, _logger);
            await Together.RunAsync(
                token => FollowAsync(follower, token),
                token => _options.Blocks ? filler.RunAsync(token) : PollBlocksAsync(stream, filler, token),
                cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _watch.SetState(SourceState.Ended, "the source was stopped.");
        }
        catch (Exception exception)
        {
            _watch.SetState(SourceState.Ended, _secrets.Strip(exception.Message));
            throw;
        }
    }

    /// <summary>Closes its connections; not while it runs.</summary>
    public void Dispose() => _rpc?.Dispose();

    private async Task FollowAsync(WsFollower follower, CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            var (reason, hadProgress) = await ConnectAsync(follower, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            failures = hadProgress ? 0 : failures + 1;
            var delay = _options.ReconnectInitialDelay * Math.Pow(2, Math.Min(failures, 30));
            delay = (delay < _options.ReconnectMaxDelay ? delay : _options.ReconnectMaxDelay) * (0.5 + (Random.Shared.NextDouble() / 2));
            reason = _secrets.Strip(reason);
            _watch.SetState(SourceState.Disconnected, reason);
            if (reason != _lastReason)
            {
                Log.StreamEnded(_logger, Name, _secrets.Display, reason, delay);
                _lastReason = reason;
            }

            await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Without a subscription to blocks the socket brings stages and logs, and RPC the blocks.
    private async Task PollBlocksAsync(ChainStream stream, GapFiller filler, CancellationToken cancellationToken)
    {
        var endpoint = new EndpointState(Name, _rpc!, PollInterval, _watch, _time, _logger);
        var fetcher = new BlockFetcher(_rpc!);
        var start = stream.Book.NewestBlock != 0
            ? stream.Book.NewestBlock + 1
            : await endpoint.UntilAnsweredAsync(() => fetcher.SlotAsync(_options.Commitment, cancellationToken, attempts: 1), cancellationToken).ConfigureAwait(false);
        var poller = new RpcFollower(stream, fetcher, filler, endpoint, new RpcFollower.Settings(_options.Commitment, ToSlot: null, PollInterval), start);
        await Together.RunAsync(poller.RunAsync, filler.RunAsync, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(string Reason, bool HadProgress)> ConnectAsync(WsFollower follower, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = _options.PingInterval;
        socket.Options.KeepAliveTimeout = _options.SilenceTimeout;
        if (_options.Token.Length > 0)
        {
            var isBearer = _options.TokenHeader.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && !_options.Token.Contains(' ', StringComparison.Ordinal);
            socket.Options.SetRequestHeader(_options.TokenHeader, isBearer ? "Bearer " + _options.Token : _options.Token);
        }

        var hadProgress = false;
        using var quiet = new CancellationTokenSource(_options.SilenceTimeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, cancellationToken);
        try
        {
            // A redirect would carry the token to wherever the answer says.
            using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });
            await socket.ConnectAsync(new Uri(_options.Endpoint), invoker, both.Token).ConfigureAwait(false);
            await follower.SubscribeAsync(text => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, both.Token)).ConfigureAwait(false);
            using var message = new WsMessage();
            while (await message.ReceiveAsync(socket, _options.MaxMessageBytes, both.Token).ConfigureAwait(false) is var state && state == WsMessageState.Whole)
            {
                quiet.CancelAfter(_options.SilenceTimeout);
                if (!hadProgress)
                {
                    OnOpened();
                    hadProgress = true;
                }

                _watch.OnHeard();
                if (await follower.TakeAsync(message.Memory, cancellationToken).ConfigureAwait(false) is { } problem)
                {
                    return (problem, HadProgress: false);
                }
            }

            return (message.TooLong ? $"a message is longer than MaxMessageBytes ({_options.MaxMessageBytes})." : "the node closed the connection.", hadProgress);
        }
        catch (OperationCanceledException) when (quiet.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return ($"nothing was heard for {_options.SilenceTimeout}.", hadProgress);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // How a socket tells that its own ping went unanswered.
            return ($"the node did not answer a ping within {_options.SilenceTimeout}.", hadProgress);
        }
        catch (WebSocketException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (exception.InnerException is { } inner ? $"{exception.Message} {inner.Message}" : exception.Message, hadProgress);
        }
        finally
        {
            ChainMetrics.Connections.Add(1, new("source", Name), new KeyValuePair<string, object?>("end", hadProgress ? "Broken" : "Unreachable"));
        }
    }

    private void OnOpened()
    {
        if (_everConnected)
        {
            _watch.OnReconnect();
        }

        _everConnected = true;
        _lastReason = null;
        _watch.SetState(SourceState.Connected, "");
    }
}
