using System.Globalization;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Ingest.Solana.Diagnostics;
using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>Polls a JSON-RPC endpoint for blocks: follows the tip, catches up behind a restart, reads a range of slots, each block once.</summary>
/// <remarks>
/// <para>Blocks are asked for in parallel and delivered in order: a block's transactions, then its record. Finality and forks follow as
/// <see cref="SlotRecord"/>s. A block that cannot be had is in the gap ledger with its slot; an endpoint that does not answer is waited for.</para>
/// <para><see cref="RunAsync"/> runs once at a time.</para>
/// </remarks>
/// <example>
/// <code>
/// var source = new SolanaRpcSource(new SolanaRpcSourceOptions { Connection = { Endpoint = "https://rpc.example" } }, () => journal);
/// await source.RunAsync(sequencer, cancellationToken);
/// </code>
/// </example>
public sealed class SolanaRpcSource : IRecordSource, IDisposable
{
    internal const string Kind = "solana-rpc";

    private readonly RpcClient _client;
    private readonly BlockFetcher _fetcher;
    private readonly RpcFollower.Settings _settings;
    private readonly ulong? _from;
    private readonly ulong _maxCatchUp;
    private readonly TimeSpan _fillInterval;
    private readonly int _maxFillAttempts;
    private readonly Func<IRecordLog?> _log;
    private readonly GapLedger _gaps;
    private readonly SourceWatch _watch;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Creates a source; it asks when it is run.</summary>
    /// <param name="options">Where to ask and for what; copied.</param>
    /// <param name="log">Gives the durable log, from which a restart resumes; null or a null result: start as <see cref="SolanaRpcSourceOptions.FromSlot"/> says.</param>
    /// <param name="gaps">Where missing slots go; one of its own when null.</param>
    /// <param name="monitor">Where state and counters are shown; one of its own when null.</param>
    /// <param name="timeProvider">Clock and timers; the system's by default.</param>
    /// <param name="logger">Where starts, stalls and gaps are reported.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message names every one.</exception>
    public SolanaRpcSource(
        SolanaRpcSourceOptions options,
        Func<IRecordLog?>? log = null,
        GapLedger? gaps = null,
        IngestMonitor? monitor = null,
        TimeProvider? timeProvider = null,
        ILogger<SolanaRpcSource>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate(SolanaRpcSourceOptions.Section, errors);
        OptionChecks.ThrowIfAny(errors, nameof(options));
        Name = options.Name;
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<SolanaRpcSource>.Instance;
        ClearTokens.Warn(_logger, Name, (options.Connection.Endpoint, options.Connection.Token));
        _client = new RpcClient(options.Connection, _time, _logger);
        _fetcher = new BlockFetcher(_client);
        _settings = new RpcFollower.Settings(options.Commitment, options.ToSlot, options.PollInterval);
        _from = options.FromSlot;
        _maxCatchUp = options.FromSlot is null && options.ToSlot is null ? options.MaxCatchUpSlots : 0;
        _fillInterval = options.FillInterval;
        _maxFillAttempts = options.MaxFillAttempts;
        _log = log ?? (static () => null);
        _gaps = gaps ?? new GapLedger(timeProvider: _time);
        _gaps.Register(Name);
        _watch = (monitor ?? new IngestMonitor(_time)).AddSource(Name, _client.Display);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async Task RunAsync(IRecordIntake intake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intake);
        try
        {
            var endpoint = new EndpointState(Name, _client, _settings.PollInterval, _watch, _time, _logger);
            var genesis = await endpoint.UntilAnsweredAsync(() => _fetcher.GenesisAsync(cancellationToken, attempts: 1), cancellationToken).ConfigureAwait(false);
            var context = new ChainContext(Name, ChainSessions.Of(Kind, genesis ?? ""), _gaps, _watch, _time);
            var book = new SlotBook(ChainDefaults.Window);
            var next = await ChainDefaults.RestoreAsync(context, _log(), book, cancellationToken).ConfigureAwait(false);
            using var stream = new ChainStream(context, intake, next, book);
            var filler = new GapFiller(stream, _fetcher, filter: null, _fillInterval, _maxFillAttempts, _logger);
            ChainDefaults.Reopen(context, filler);
            _watch.OnSession(context.SessionId, "Solana JSON-RPC");
            var start = await StartAsync(endpoint, stream, cancellationToken).ConfigureAwait(false);
            Log.SourceStarted(_logger, Name, _client.Display, context.SessionId, start, next);
            var follower = new RpcFollower(stream, _fetcher, filler, endpoint, _settings, start);
            await Together.RunAsync(follower.RunAsync, filler.RunAsync, cancellationToken).ConfigureAwait(false);
            while (filler.Waiting > 0)
            {
                await filler.FillNextAsync(cancellationToken).ConfigureAwait(false);
            }

            Log.SourceEnded(_logger, Name, follower.Last);
            _watch.SetState(SourceState.Ended, string.Create(CultureInfo.InvariantCulture, $"everything up to slot {follower.Last} was delivered."));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _watch.SetState(SourceState.Ended, "the source was stopped.");
        }
        catch (Exception exception)
        {
            _watch.SetState(SourceState.Ended, _client.Strip(exception.Message));
            throw;
        }
    }

    /// <summary>Closes its connections; not while it runs.</summary>
    public void Dispose() => _client.Dispose();

    private async Task<ulong> StartAsync(EndpointState endpoint, ChainStream stream, CancellationToken cancellationToken)
    {
        var resume = stream.Book.NewestBlock == 0 ? 0 : stream.Book.NewestBlock + 1;
        var wanted = Math.Max(resume, _from ?? 0);
        if (wanted != 0 && _maxCatchUp == 0)
        {
            return wanted;
        }

        var tip = await endpoint.UntilAnsweredAsync(() => _fetcher.SlotAsync(_settings.Commitment, cancellationToken, attempts: 1), cancellationToken).ConfigureAwait(false);
        if (wanted == 0)
        {
            return tip;
        }

        if (tip <= wanted + _maxCatchUp)
        {
            return wanted;
        }

        var start = tip - _maxCatchUp;
        stream.Missing(wanted, start - 1, GapState.Final, GapCause.Skipped, string.Create(CultureInfo.InvariantCulture, $"the source was away for longer than MaxCatchUpSlots of {_maxCatchUp}."));
        return start;
    }
}
