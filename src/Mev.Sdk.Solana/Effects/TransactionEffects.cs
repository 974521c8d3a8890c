using Mev.Sdk.Records;
using Mev.Sdk.Solana.Internal;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Solana.Venues;

namespace Mev.Sdk.Solana.Effects;

/// <summary>What a transaction did: swaps, liquidity, movements of tokens and lamports, sales of collectibles, liquidations, tips.</summary>
/// <remarks>
/// Keeps its memory between calls and allocates nothing once that has grown: use one a thread; it is not thread-safe. The spans show the last transaction read
/// and change with the next one. <c>docs/solana-decoding.md</c> says how each is recognised and where that is weak.
/// </remarks>
/// <example>
/// <code>
/// var effects = new TransactionEffects();
/// if (effects.Read(wire, meta, out var error) == EffectsOutcome.Done)
///     foreach (ref readonly var swap in effects.Swaps) { ... }
/// </code>
/// </example>
public sealed class TransactionEffects
{
    private readonly Execution _execution = new();
    private readonly TokenLedger _ledger = new();
    private readonly SwapExtractor _extractor = new();
    private readonly GrowList<SwapEntry> _swaps = new(16);
    private readonly GrowList<LiquidityChange> _liquidity = new(4);
    private readonly GrowList<TokenMovement> _movements = new(64);
    private readonly GrowList<NftTrade> _nftTrades = new(4);
    private readonly GrowList<Liquidation> _liquidations = new(4);
    private readonly GrowList<TipPayment> _tips = new(4);
    private readonly MovementPurpose[] _purposes = new MovementPurpose[Execution.MaxSteps];
    private readonly EffectKinds _kinds;
    private bool _attempted;
    private long _done;
    private long _failed;
    private long _withoutMeta;
    private long _refused;
    private long _unknownInstructions;
    private long _unrecognisedSwaps;

    /// <summary>Creates a reader.</summary>
    /// <param name="kinds">What to look for.</param>
    public TransactionEffects(EffectKinds kinds = EffectKinds.All) => _kinds = kinds;

    /// <summary>Swaps that the transaction executed, in order; none of a failed one.</summary>
    public ReadOnlySpan<SwapEntry> Swaps => _attempted ? default : _swaps.Items;

    /// <summary>Swaps that a failed transaction got to, in order; they were undone. Its last may not have been carried out at all.</summary>
    public ReadOnlySpan<SwapEntry> Attempts => _attempted ? _swaps.Items : default;

    /// <summary>Liquidity added, removed and pools created, in order.</summary>
    public ReadOnlySpan<LiquidityChange> LiquidityChanges => _liquidity.Items;

    /// <summary>Movements of tokens, collectibles and lamports, in order.</summary>
    public ReadOnlySpan<TokenMovement> Movements => _movements.Items;

    /// <summary>Sales of collectibles, in order.</summary>
    public ReadOnlySpan<NftTrade> NftTrades => _nftTrades.Items;

    /// <summary>Liquidations, in order.</summary>
    public ReadOnlySpan<Liquidation> Liquidations => _liquidations.Items;

    /// <summary>Jito tips, in order.</summary>
    public ReadOnlySpan<TipPayment> Tips => _tips.Items;

    /// <summary>Instructions of known venues in the last transaction that this library does not describe.</summary>
    public int UnknownInstructions { get; private set; }

    /// <summary>What this reader has seen so far.</summary>
    public EffectsCounts Counts => new(_done, _failed, _withoutMeta, _refused, _unknownInstructions, _unrecognisedSwaps);

    internal Execution Execution => _execution;

    /// <summary>Reads one transaction.</summary>
    /// <param name="wire">The transaction's bytes.</param>
    /// <param name="meta">Its status meta as ConfirmedBlock protobuf; empty = not known yet.</param>
    /// <param name="error">What is wrong and where, or null.</param>
    /// <returns>What became of it; each outcome is counted in <see cref="Counts"/>.</returns>
    public EffectsOutcome Read(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, out string? error)
    {
        if (!WireTransaction.TryParse(wire, out var transaction, out var failure))
        {
            return Refuse($"wire: {failure}", out error);
        }

        if (!StatusMeta.TryParse(meta, out var status, out failure))
        {
            return Refuse($"meta: {failure}", out error);
        }

        return Read(in transaction, wire, in status, meta, out error);
    }

    /// <summary>Reads one transaction whose parts were parsed before.</summary>
    internal EffectsOutcome Read(in WireTransaction transaction, ReadOnlySpan<byte> wire, in StatusMeta status, ReadOnlySpan<byte> meta, out string? error)
    {
        Clear();
        if (!_execution.TryLoad(in transaction, wire, in status, meta, hasMeta: !meta.IsEmpty, out error))
        {
            return Refuse(error!, out error);
        }

        if (meta.IsEmpty)
        {
            _withoutMeta++;
            return EffectsOutcome.NoMeta;
        }

        _attempted = status.Error.Code != TransactionErrorCode.None;
        if (_attempted)
        {
            _failed++;
        }
        else
        {
            _done++;
        }

        if (!_attempted || Wants(EffectKinds.Swaps))
        {
            Collect(wire, meta, in status);
        }

        return _attempted ? EffectsOutcome.Failed : EffectsOutcome.Done;
    }

    internal EffectsOutcome Refuse(string problem, out string? error)
    {
        Clear();
        _refused++;
        error = problem;
        return EffectsOutcome.Refused;
    }

    private bool Wants(EffectKinds kind) => (_kinds & kind) != EffectKinds.None;

    private void Clear()
    {
        _swaps.Clear();
        _liquidity.Clear();
        _movements.Clear();
        _nftTrades.Clear();
        _liquidations.Clear();
        _tips.Clear();
        _attempted = false;
        UnknownInstructions = 0;
    }

    private void Collect(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, in StatusMeta status)
    {
        if (!_execution.Called(ProgramKind.Token) && !_execution.Called(ProgramKind.System))
        {
            return; // a vote, mostly
        }

        _ledger.Load(_execution, wire, meta, in status);
        var view = new ExecutionView(wire, meta, status, _execution, _ledger);
        if (Wants(EffectKinds.Swaps) && _ledger.HasTokens)
        {
            _extractor.Extract(in view, _swaps);
            CountUnrecognised();
        }

        if (_attempted)
        {
            return;
        }

        _purposes.AsSpan(0, view.Steps.Length).Clear();
        Mark(in view, _extractor.Steps[..Math.Min(_extractor.Steps.Length, _swaps.Count)], MovementPurpose.Swap);
        if (_execution.Called(ProgramKind.Venue))
        {
            ReadVenues(in view);
        }

        if (Wants(EffectKinds.Liquidations) && _execution.Called(ProgramKind.Lending))
        {
            LiquidationReader.Read(in view, _liquidations, _purposes);
        }

        if (Wants(EffectKinds.NftTrades) && _ledger.HasTokens)
        {
            NftTradeReader.Read(in view, _nftTrades, _purposes);
        }

        if (Wants(EffectKinds.Tips))
        {
            TipReader.Read(in view, _tips, _purposes);
        }

        if (Wants(EffectKinds.Movements))
        {
            MovementReader.Read(in view, _movements, _purposes);
        }
    }

    private void ReadVenues(in ExecutionView view)
    {
        for (var i = 0; i < view.Steps.Length; i++)
        {
            ref readonly var step = ref view.Steps[i];
            if (step.Kind != ProgramKind.Venue)
            {
                continue;
            }

            var venue = view.ProgramOf(in step).Venue!;
            var data = view.Data(in step);
            var found = venue.Find(data, step.AccountsLength);
            if (found < 0)
            {
                var isUnknown = Anchor.DiscriminatorOf(data) != Anchor.EventCall;
                UnknownInstructions += isUnknown ? 1 : 0;
            }
            else if (Wants(EffectKinds.Liquidity) && venue.Instructions[found].Role is not (InstructionRole.Swap or InstructionRole.Other))
            {
                LiquidityReader.Read(in view, i, venue, in venue.Instructions[found], ref _liquidity.Add());
                _purposes.AsSpan(i, step.End - i).Fill(MovementPurpose.Liquidity);
            }
        }

        _unknownInstructions += UnknownInstructions;
    }

    private void Mark(in ExecutionView view, ReadOnlySpan<int> steps, MovementPurpose purpose)
    {
        foreach (var step in steps)
        {
            _purposes.AsSpan(step, view.Steps[step].End - step).Fill(purpose);
        }
    }

    private void CountUnrecognised()
    {
        foreach (ref readonly var swap in _swaps.Items)
        {
            _unrecognisedSwaps += swap.Venue == VenueId.Unknown ? 1 : 0;
        }
    }
}
