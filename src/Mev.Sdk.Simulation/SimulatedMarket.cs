using System.Buffers;
using System.Numerics;
using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Agents;
using Mev.Sdk.Simulation.Encoding;
using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.Searching;
using Mev.Sdk.Simulation.State;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Simulation;

/// <summary>A small market of agents on constant-product pools that speaks in the records of an engine.</summary>
/// <remarks>
/// <para>Everything is drawn from the seed and computed in integers: equal options give equal bytes on every machine. It has no clock
/// but the simulated one of its options.</para>
/// <para>Not thread-safe. docs/market.md describes the model and what is unrealistic about it.</para>
/// </remarks>
/// <example>
/// <code>
/// using var market = new SimulatedMarket(new MarketOptions { Seed = 7 });
/// var frames = new ArrayBufferWriter&lt;byte&gt;();
/// market.WriteSlot(frames);
/// </code>
/// </example>
public sealed class SimulatedMarket : IDisposable
{
    private const int SlotsPerLeader = 4;
    private const ulong RefillLamports = 50_000_000_000;
    private const long NanosecondsPerTick = 100;

    private readonly MarketState _state;
    private readonly TokenValues _values;
    private readonly Crowd _crowd;
    private readonly SearchDesk _desk;
    private readonly Executor _executor;
    private readonly Outcome _outcome = new();
    private readonly TransactionScribe _scribe;
    private readonly OpportunityScribe _opportunities = new();
    private readonly List<Order> _orders = [];
    private readonly ArrayBufferWriter<byte> _body = new(1 << 18);
    private readonly Xoshiro256 _random;
    private readonly ulong _startSlot;
    private readonly ulong _startNanoseconds;
    private readonly ulong _slotNanoseconds;
    private Pubkey _previousBlockhash;
    private Pubkey _blockhash;
    private ulong _transactionCount;
    private uint _index;

    /// <summary>Makes a market.</summary>
    /// <param name="options">What it is made of; copied.</param>
    /// <exception cref="MarketOptionsException">The options make no market; the message names each key and the remedy.</exception>
    public SimulatedMarket(MarketOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } faults)
        {
            throw new MarketOptionsException(faults);
        }

        _state = Genesis.Create(options);
        // Addresses and pools come from the seed alone, so that a market that starts again at a later slot trades the same tokens; all that
        // happens comes from the slot too, so that it is another stretch of that market and no signature comes twice.
        var seed = options.Seed ^ BitOperations.RotateLeft(options.StartSlot, 32);
        _values = new TokenValues(options, seed);
        _crowd = new Crowd(options, seed);
        Strategy = new MarketStrategy(options.MinimumProfitLamports);
        _desk = new SearchDesk(_state, options, Strategy, seed);
        _executor = new Executor(_state);
        _scribe = new TransactionScribe(_state, seed);
        _random = new Xoshiro256(seed, purpose: 6);
        _startSlot = options.StartSlot;
        _startNanoseconds = (ulong)((options.StartTime.UtcDateTime - DateTime.UnixEpoch).Ticks * NanosecondsPerTick);
        _slotNanoseconds = (ulong)(options.SlotDuration.Ticks * NanosecondsPerTick);
        _previousBlockhash = _random.NextPubkey();
        _blockhash = _random.NextPubkey();
    }

    /// <summary>The slot that <see cref="WriteSlot"/> writes next.</summary>
    public ulong NextSlot => _state.Slot;

    /// <summary>Transactions written so far.</summary>
    public ulong TransactionCount => _transactionCount;

    /// <summary>The strategy of the market's engine; may be changed between two slots.</summary>
    public MarketStrategy Strategy { get; }

    internal MarketState State => _state;

    /// <summary>Shown every transaction once it was executed: what was asked, what came of it, its signature.</summary>
    internal Action<Order, Outcome, Signature>? Executed { get; set; }

    /// <summary>Plays one slot and writes its frames: the block, outcomes known by now, then each transaction with the opportunity it opened behind it.</summary>
    /// <remarks>Frames carry sequence 0 and the simulated time; a publisher stamps them.</remarks>
    /// <param name="frames">Where the frames go.</param>
    public void WriteSlot(IBufferWriter<byte> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        BeginSlot();
        ReportOutcomes();
        _crowd.Gather(_state, _orders);
        foreach (var order in _orders)
        {
            Step(in order);
            while (_desk.TryTake(_transactionCount, out var planned))
            {
                Step(in planned);
            }
        }

        _state.Ledger.Settle(_state.Leader);
        WriteBlock(frames);
        frames.Write(_body.WrittenSpan);
        _body.ResetWrittenCount();
        _state.Slot++;
    }

    /// <inheritdoc/>
    public void Dispose() => _opportunities.Dispose();

    private ulong Now
    {
        get
        {
            // Transactions are spread over the slot; more than were gathered crowd at its end.
            var spread = Math.Min(_index + 1UL, (ulong)_orders.Count + 1);
            return SlotStart + (_slotNanoseconds * spread / ((ulong)_orders.Count + 2));
        }
    }

    private ulong SlotStart => _startNanoseconds + ((_state.Slot - _startSlot) * _slotNanoseconds);

    private void BeginSlot()
    {
        _values.Advance(_state);
        _state.Leader = _state.Wallets.FirstValidator + (int)(_state.Slot / SlotsPerLeader * 7 % WalletMap.ValidatorCount);
        _state.BlockTimeSeconds = (long)(SlotStart / 1_000_000_000);
        _state.RecentBlockhash = _previousBlockhash;
        _previousBlockhash = _blockhash;
        _blockhash = _random.NextPubkey();
        _index = 0;
        _orders.Clear();
    }

    private void ReportOutcomes()
    {
        while (_desk.TryReport(out var outcome))
        {
            outcome.CompletedNanoseconds = SlotStart;
            OpportunityScribe.Write(in outcome, _body);
        }
    }

    private void Step(in Order order)
    {
        Refill(in order);
        var tipWallet = _state.Wallets.FirstTipAccount + (int)(_transactionCount % WalletMap.TipAccountCount);
        var time = Now;
        _scribe.Draft(in order, tipWallet);
        _executor.Execute(in order, tipWallet, _outcome);
        var context = new SightingContext(_state.Slot, _state.BlockTimeSeconds, _index++, SightingStage.Processed, TransactionFlags.Simulated);
        _scribe.Write(in order, _outcome, in context, time, _body);
        _transactionCount++;
        Executed?.Invoke(order, _outcome, _scribe.Signature);
        if (order.Kind == OrderKind.Arbitrage)
        {
            _desk.Landed(in order, _outcome, _scribe.Signature);
        }

        if (_outcome.Legs.Length > 0)
        {
            Search(order.First.Pool.Token, fromSearcher: order.Kind == OrderKind.Arbitrage, time);
        }
    }

    // A wallet that cannot pay the fee would not be in the block: the house sends it lamports first.
    private void Refill(in Order order)
    {
        var needed = Executor.LamportsNeeded(in order);
        if (_state.Ledger.Lamports(order.Wallet) < needed)
        {
            Step(new Order(OrderKind.SolTransfer, _state.Wallets.House) { Counterparty = order.Wallet, Amount = needed + RefillLamports });
        }
    }

    private void Search(Token token, bool fromSearcher, ulong time)
    {
        if (!_desk.TryDetect(token, fromSearcher, out var gap, out var order, out var wasOpen))
        {
            return;
        }

        var record = new OpportunityRecord
        {
            TriggerSignature = _scribe.Signature,
            OpportunityId = _desk.Open(in gap, in order, _transactionCount),
            Slot = _state.Slot,
            DetectedNanoseconds = time,
            Kind = wasOpen ? OpportunityKind.Arbitrage : OpportunityKind.Backrun,
        };
        _opportunities.Write(in gap, in order, record, _body);
    }

    private void WriteBlock(IBufferWriter<byte> frames)
    {
        var block = new BlockRecord
        {
            Blockhash = _blockhash,
            PreviousBlockhash = _previousBlockhash,
            Leader = _state.Addresses.Wallet(_state.Leader),
            Slot = _state.Slot,
            ParentSlot = _state.Slot - 1,
            BlockHeight = _state.Slot - (_startSlot / 16),
            BlockTimeSeconds = _state.BlockTimeSeconds,
            TransactionCount = _index,
            Stage = SightingStage.Processed,
        };
        var length = BlockView.GetFrameLength();
        BlockView.Write(frames.GetSpan(length), SlotStart, in block);
        frames.Advance(length);
    }
}
