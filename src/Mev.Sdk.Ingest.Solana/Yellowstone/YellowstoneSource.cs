using System.Globalization;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Diagnostics;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>Follows a Yellowstone (Geyser) gRPC endpoint: transactions, accounts, blocks and stages of slots, each once, over any number of connections.</summary>
/// <remarks>
/// <para>A connection that breaks is made again with a replay from the first slot that is not complete. What a replay does not bring is found by the
/// blocks' parents and transaction counts, filled by JSON-RPC where an endpoint is configured, and in the gap ledger otherwise.</para>
/// <para><see cref="RunAsync"/> runs once at a time.</para>
/// </remarks>
/// <example>
/// <code>
/// var source = new YellowstoneSource(new YellowstoneSourceOptions { Endpoint = "https://grpc.example", Token = token }, () => journal);
/// await source.RunAsync(sequencer, cancellationToken);
/// </code>
/// </example>
public sealed class YellowstoneSource : IRecordSource, IDisposable
{
    internal const string Kind = "yellowstone";

    private const int TriesAtOneSlot = 3;

    private readonly YellowstoneSourceOptions _options;
    private readonly EndpointSecrets _secrets;
    private readonly GrpcChannel _channel;
    private readonly RpcClient? _rpc;
    private readonly Metadata _headers = [];
    private readonly TransactionWish _wish;
    private readonly Func<IRecordLog?> _log;
    private readonly GapLedger _gaps;
    private readonly SourceWatch _watch;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private string? _lastReason;
    private int _failures;
    private bool _everOpened;

    /// <summary>Creates a source; it connects when it is run.</summary>
    /// <param name="options">Where to connect and what is wanted; not to be changed any more.</param>
    /// <param name="log">Gives the durable log, from which a restart resumes; null or a null result: start as <see cref="YellowstoneSourceOptions.FromSlot"/> says.</param>
    /// <param name="gaps">Where missing slots go; one of its own when null.</param>
    /// <param name="monitor">Where state and counters are shown; one of its own when null.</param>
    /// <param name="timeProvider">Clock and timers; the system's by default.</param>
    /// <param name="logger">Where connections and gaps are reported.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names every one.</exception>
    public YellowstoneSource(
        YellowstoneSourceOptions options,
        Func<IRecordLog?>? log = null,
        GapLedger? gaps = null,
        IngestMonitor? monitor = null,
        TimeProvider? timeProvider = null,
        ILogger<YellowstoneSource>? logger = null)
        : this(options, log, gaps, monitor, timeProvider, logger, handler: null)
    {
    }

    internal YellowstoneSource(
        YellowstoneSourceOptions options,
        Func<IRecordLog?>? log,
        GapLedger? gaps,
        IngestMonitor? monitor,
        TimeProvider? timeProvider,
        ILogger<YellowstoneSource>? logger,
        HttpMessageHandler? handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate(YellowstoneSourceOptions.Section, errors);
        OptionChecks.ThrowIfAny(errors, nameof(options));
        _options = options;
        Name = options.Name;
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<YellowstoneSource>.Instance;
        _secrets = new EndpointSecrets(options.Endpoint, options.Token);
        _wish = new TransactionWish(options.Transactions);
        if (options.Token.Length > 0)
        {
            _headers.Add(options.TokenHeader, options.Token);
        }

        _channel = GrpcChannel.ForAddress(options.Endpoint, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = options.MaxMessageBytes,

            // The size is checked before decompression, so a compressed message could be a thousand times as long as allowed.
            CompressionProviders = [],
            HttpHandler = handler ?? new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                EnableMultipleHttp2Connections = false,
                KeepAlivePingDelay = TimeSpan.FromSeconds(15),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
                InitialHttp2StreamWindowSize = 4 << 20,
            },
            DisposeHttpClient = true,
        });
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
            var filler = new GapFiller(stream, _rpc is null ? null : new BlockFetcher(_rpc), _wish.IsAll ? null : _wish.Wants, _options.FillInterval, _options.MaxFillAttempts, _logger)
            {
                Beyond = _options.Accounts.IsSet ? "writes of accounts in these slots cannot be had again." : null,
            };
            ChainDefaults.Reopen(context, filler);
            _watch.OnSession(context.SessionId, "Yellowstone gRPC");
            Log.SourceStarted(_logger, Name, _secrets.Display, context.SessionId, book.ResumeSlot, next);
            await Together.RunAsync(token => FollowAsync(stream, filler, token), filler.RunAsync, cancellationToken).ConfigureAwait(false);
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
    public void Dispose()
    {
        _channel.Dispose();
        _rpc?.Dispose();
    }

    private async Task FollowAsync(ChainStream stream, GapFiller filler, CancellationToken cancellationToken)
    {
        var intake = new GeyserIntake(stream, _wish, Commitments.StageOf(_options.Commitment));
        var session = new GeyserSession(stream, intake, filler, _options.SilenceTimeout);
        var invoker = _channel.CreateCallInvoker();
        var (stuckAt, tries) = (0UL, 0);
        while (true)
        {
            await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
            var from = intake.Begin() ?? _options.FromSlot;
            stream.Exit();
            GeyserEnd end;
            using (var call = invoker.AsyncDuplexStreamingCall(GeyserMethods.Subscribe, host: null, new CallOptions(_headers, cancellationToken: cancellationToken)))
            {
                end = await session.RunAsync(call, GeyserRequests.Subscribe(_options, from), OnOpened, cancellationToken).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            ChainMetrics.Connections.Add(1, stream.Context.Tag, new KeyValuePair<string, object?>("end", end.Kind.ToString()));
            if (end.Kind == GeyserEndKind.NotReplayable)
            {
                await SkipToAvailableAsync(stream, intake, filler, invoker, from, end.Reason, cancellationToken).ConfigureAwait(false);
            }
            else if (end.Kind == GeyserEndKind.TooLarge)
            {
                // The same message would come again with every replay.
                tries = intake.ResumeSlot == stuckAt ? tries + 1 : 1;
                stuckAt = intake.ResumeSlot;
                if (tries >= TriesAtOneSlot && stuckAt != 0)
                {
                    await GiveUpAsync(stream, intake, filler, stuckAt, stuckAt, GapCause.Dropped, $"a message of this slot is too long: {end.Reason}", cancellationToken).ConfigureAwait(false);
                }
            }

            await PauseAsync(end, cancellationToken).ConfigureAwait(false);
        }
    }

    private void OnOpened()
    {
        if (_everOpened)
        {
            _watch.OnReconnect();
        }

        _everOpened = true;
        _lastReason = null;
        _watch.OnHeard();
        _watch.SetState(SourceState.Connected, "");
    }

    private async Task PauseAsync(GeyserEnd end, CancellationToken cancellationToken)
    {
        _failures = end.HadProgress ? 0 : _failures + 1;
        var isHopeless = end.Kind is GeyserEndKind.Unauthorized or GeyserEndKind.Refused;
        var delay = isHopeless ? _options.ReconnectMaxDelay : _options.ReconnectInitialDelay * Math.Pow(2, Math.Min(_failures, 30));
        delay = (delay < _options.ReconnectMaxDelay ? delay : _options.ReconnectMaxDelay) * (0.5 + (Random.Shared.NextDouble() / 2));
        var reason = _secrets.Strip(end.Kind == GeyserEndKind.Unauthorized ? $"{end.Reason} Check the token." : end.Reason);
        _watch.SetState(SourceState.Disconnected, reason);
        if (reason != _lastReason)
        {
            Log.StreamEnded(_logger, Name, _secrets.Display, reason, delay);
            _lastReason = reason;
        }

        await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
    }

    // The server no longer holds the slot: begin with the oldest one that it has, or with what comes next; the rest is a gap.
    private async Task SkipToAvailableAsync(
        ChainStream stream, GeyserIntake intake, GapFiller filler, CallInvoker invoker, ulong? from, string reason, CancellationToken cancellationToken)
    {
        ulong available = 0;
        try
        {
            var deadline = _time.GetUtcNow().UtcDateTime + TimeSpan.FromSeconds(10);
            using var call = invoker.AsyncUnaryCall(GeyserMethods.SubscribeReplayInfo, host: null, new CallOptions(_headers, deadline, cancellationToken), []);
            available = FirstAvailable(await call.ResponseAsync.ConfigureAwait(false));
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            // Older servers do not know the question.
        }

        var resume = Math.Max(intake.ResumeSlot, from ?? 0);
        if (resume == 0)
        {
            return;
        }

        if (available > resume)
        {
            var why = string.Create(CultureInfo.InvariantCulture, $"the server replays from slot {available} on only: {_secrets.Strip(reason)}");
            await GiveUpAsync(stream, intake, filler, resume, available - 1, GapCause.NotRetained, why, cancellationToken).ConfigureAwait(false);
            return;
        }

        intake.SkipReplay();
    }

    private static ulong FirstAvailable(byte[] response)
    {
        ulong first = 0;
        var fields = new ProtoFields(response);
        while (fields.Next())
        {
            first = fields.Field == 1 ? fields.Number : first;
        }

        return first;
    }

    private static async Task GiveUpAsync(
        ChainStream stream, GeyserIntake intake, GapFiller filler, ulong first, ulong last, GapCause cause, string reason, CancellationToken cancellationToken)
    {
        await stream.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            filler.Add(first, last, cause, reason);
            intake.GiveUpBelow(last + 1);
        }
        finally
        {
            stream.Exit();
        }
    }
}
