using System.Net;
using EngineSimulator.Pacing;
using EngineSimulator.Sources;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EngineSimulator;

/// <summary>An engine for machines that have none: streams a simulated market, or real blocks from files, over a real socket.</summary>
/// <remarks>
/// It waits for a first subscriber, so that nothing is missed, then streams at its pace whether or not one is connected; a host that returns
/// gets what is still retained. Thread-safe.
/// </remarks>
/// <example>
/// <code>
/// await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 400 });
/// Console.WriteLine(engine.Endpoint); // tcp://127.0.0.1:PORT
/// </code>
/// </example>
public sealed class SimulatorEngine : IAsyncDisposable
{
    /// <summary>Transactions a second of a market unless configured otherwise.</summary>
    public const double DefaultMarketRate = 400;

    private static readonly TimeSpan NaturalSlot = TimeSpan.FromMilliseconds(400);

    private readonly EnginePublisher _publisher;
    private readonly ISlotSource _source;
    private readonly SlotPacer _pacer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger _logger;
    private readonly double? _rate;
    private long _transactions;
    private int _disposed;

    private SimulatorEngine(EnginePublisher publisher, ISlotSource source, double? rate, TimeProvider time, ILogger logger)
    {
        _publisher = publisher;
        _source = source;
        _rate = rate;
        _logger = logger;
        _pacer = new SlotPacer(publisher, time);
        logger.LogInformation("The engine streams a {Source} when the first subscriber comes", source.Description);
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Where it listens, with the port it got.</summary>
    public IPEndPoint LocalEndPoint => _publisher.LocalEndPoint;

    /// <summary>The same as <c>tcp://HOST:PORT</c>.</summary>
    public string Endpoint => $"tcp://{LocalEndPoint}";

    /// <summary>Whether the stream says that its records are simulated.</summary>
    public bool IsSimulated => _source.IsSimulated;

    /// <summary>What it streams, in words.</summary>
    public string Description => _source.Description;

    /// <summary>Transactions published so far.</summary>
    public long TransactionsPublished => Volatile.Read(ref _transactions);

    /// <summary>
    /// Ends when the block files end and a host has all of them (durably, where one keeps a journal; one that is away is waited for); fails with <see cref="SimulatorEngineException"/> when a later file cannot be
    /// read; is cancelled by <see cref="DisposeAsync"/>. The engine listens until it is disposed, so that a host can still fetch the rest.
    /// </summary>
    public Task Completion { get; }

    /// <summary>Reads the first block or makes the market, and starts to listen.</summary>
    /// <param name="options">What to stream; copied.</param>
    /// <param name="timeProvider">Clock of the pace; the system's by default.</param>
    /// <param name="loggers">Where it reports; nowhere by default.</param>
    /// <returns>The engine; dispose it to stop.</returns>
    /// <exception cref="SimulatorEngineException">An option is bad, a file is missing or unreadable, or the endpoint is taken.</exception>
    public static SimulatorEngine Start(SimulatorEngineOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var time = timeProvider ?? TimeProvider.System;
        loggers ??= NullLoggerFactory.Instance;
        if (options.TransactionsPerSecond is { } asked && !(asked >= 0 && asked <= 10_000_000))
        {
            throw new SimulatorEngineException($"TransactionsPerSecond is {asked}. Give 0 (as fast as possible) to 10,000,000.");
        }

        var rate = options.TransactionsPerSecond ?? (options.Path is null ? DefaultMarketRate : null);
        try
        {
            ISlotSource source = options.Path is null
                ? new MarketSource(options, rate ?? 0, time)
                : new BlockFileSource(options.Path, options.Loop, options.Seed ?? (ulong)time.GetUtcNow().UtcTicks);
            var publisher = EnginePublisher.Start(
                new EnginePublisherOptions
                {
                    Endpoints = { $"tcp://{options.Listen}" },
                    EngineName = "mev-engine-simulator",
                    Flags = source.IsSimulated ? StreamFlags.Simulated : StreamFlags.None,
                    RetentionBytes = options.RetentionBytes,
                    OnParameterUpdate = source.OnParameterUpdate,
                },
                time,
                loggers.CreateLogger<EnginePublisher>());
            return new SimulatorEngine(publisher, source, rate, time, loggers.CreateLogger<SimulatorEngine>());
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            throw new SimulatorEngineException(exception.Message, exception);
        }
    }

    /// <summary>Says goodbye to the subscribers and stops.</summary>
    /// <returns>Completes when nothing of it runs any more.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        await ((Task)Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Who stopped it does not wait for a host that is away; a journal that lacks the tail says so in its gap ledger.
        var patience = _publisher.SubscriberCount > 0 ? TimeSpan.FromSeconds(2) : TimeSpan.Zero;
        await _publisher.CompleteAsync(GoodbyeCode.ShuttingDown, "the simulator was stopped", patience);
        await _publisher.DisposeAsync();
        _source.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var cancellationToken = _stopping.Token;
        await _publisher.WaitForSubscriberAsync(cancellationToken);
        var frames = new SlotBuffer();
        try
        {
            while (frames.TryFill(_source))
            {
                await _pacer.PublishAsync(frames.Memory, frames.Transactions, Duration(frames.Transactions), cancellationToken);
                Interlocked.Add(ref _transactions, frames.Transactions);
            }
        }
        catch (SimulatorEngineException exception)
        {
            _logger.LogError("The stream ends early: {Reason}", exception.Message);
            await _publisher.CompleteAsync(GoodbyeCode.Unspecified, exception.Message, TimeSpan.FromSeconds(10), cancellationToken);
            throw;
        }

        _logger.LogInformation("The stream has ended after {Transactions} transactions", TransactionsPublished);
        if (!await _publisher.CompleteAsync(GoodbyeCode.EndOfStream, $"all of it was sent: {_source.Description}", Timeout.InfiniteTimeSpan, cancellationToken))
        {
            _logger.LogWarning("{Lost} records were evicted before any host took them; raise the retention, or start the host first", _publisher.LostRecords);
        }
    }

    // A market's slots all take the same time, so that its busy ones are visible; a file's take what their transactions need.
    private TimeSpan Duration(int transactions) => _rate switch
    {
        null => NaturalSlot,
        0 => TimeSpan.Zero,
        { } rate => TimeSpan.FromSeconds((_source.MeanTransactions > 0 ? _source.MeanTransactions : transactions) / rate),
    };
}
