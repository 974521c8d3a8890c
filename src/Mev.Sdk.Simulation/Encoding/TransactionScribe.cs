using System.Buffers;
using Mev.Sdk.Records;
using Mev.Sdk.Simulation.Execution;
using Mev.Sdk.Simulation.Randomness;
using Mev.Sdk.Simulation.State;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Simulation.Encoding;

/// <summary>Renders an order as a transaction: first what is asked for, then, once it was executed, what came of it.</summary>
/// <remarks>The record is what <see cref="TransactionDecoder"/> reads from wire and meta, as from a real block: the market adds nothing to it.</remarks>
internal sealed class TransactionScribe
{
    private readonly MarketState _state;
    private readonly TransactionDraft _draft;
    private readonly TransactionBuilder _wire = new();
    private readonly StatusMetaBuilder _meta = new();
    private readonly MetaScript _script;
    private readonly ArrayBufferWriter<byte> _wireBytes = new(1_232);
    private readonly ArrayBufferWriter<byte> _metaBytes = new(8_192);
    private readonly List<SwapEntry> _swaps = [];
    private readonly TransactionDecoder _decoder = new();
    private readonly Xoshiro256 _random;

    public TransactionScribe(MarketState state, ulong seed)
    {
        _state = state;
        _draft = new TransactionDraft(state);
        _random = new Xoshiro256(seed, purpose: 3);
        _script = new MetaScript(state, _draft, _meta, _random);
    }

    /// <summary>The signature of the transaction in the making.</summary>
    public Signature Signature { get; private set; }

    /// <summary>Starts a transaction: lays out its instructions and notes all balances. Call it before the order is executed.</summary>
    public void Draft(in Order order, int tipWallet)
    {
        Span<byte> signature = stackalloc byte[Signature.Size];
        _random.Fill(signature);
        Signature = new Signature(signature);
        _draft.Clear();
        _draft.Wallet(order.Wallet);
        if (order.ComputeUnitLimit > 0)
        {
            CommonInstructions.ComputeLimit(_draft, order.ComputeUnitLimit);
        }

        if (order.ComputeUnitPrice > 0)
        {
            CommonInstructions.ComputePrice(_draft, order.ComputeUnitPrice);
        }

        _script.FirstAction = _draft.InstructionCount;
        AddAction(in order);
        if (order.TipLamports > 0)
        {
            CommonInstructions.TransferSol(_draft, order.Wallet, tipWallet, order.TipLamports);
        }

        _draft.NoteBalances();
    }

    /// <summary>Finishes the transaction after its order was executed, and writes its frame.</summary>
    /// <returns>Bytes of the frame.</returns>
    public int Write(in Order order, Outcome outcome, in SightingContext context, ulong timeNanoseconds, IBufferWriter<byte> frames)
    {
        _script.AddInnerTransfers(in order, outcome);
        _draft.Build(_wire.Clear(), Signature, order.Kind == OrderKind.Arbitrage ? order.First.Pool.Token.LookupTable : null);
        _wireBytes.ResetWrittenCount();
        _wire.WriteTo(_wireBytes);
        _script.Write(in order, outcome);
        _metaBytes.ResetWrittenCount();
        _meta.WriteTo(_metaBytes);
        _swaps.Clear();
        if (!_decoder.TryDecode(_wireBytes.WrittenSpan, _metaBytes.WrittenSpan, in context, out var record, _swaps, out var error))
        {
            throw new InvalidOperationException($"The market wrote a transaction that cannot be read back: {error}. This is a defect of the market.");
        }

        var swaps = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_swaps);
        var length = TransactionView.GetFrameLength(swaps.Length, _wireBytes.WrittenCount, _metaBytes.WrittenCount);
        TransactionView.Write(frames.GetSpan(length), timeNanoseconds, in record, swaps, _wireBytes.WrittenSpan, _metaBytes.WrittenSpan);
        frames.Advance(length);
        return length;
    }

    private void AddAction(in Order order)
    {
        switch (order.Kind)
        {
            case OrderKind.Swap:
                VenueInstructions.Swap(_draft, _state, order.Wallet, order.First);
                break;
            case OrderKind.Arbitrage:
                VenueInstructions.Swap(_draft, _state, order.Wallet, order.First);
                VenueInstructions.Swap(_draft, _state, order.Wallet, order.Second);
                break;
            case OrderKind.SolTransfer:
                CommonInstructions.TransferSol(_draft, order.Wallet, order.Counterparty, order.Amount);
                break;
            case OrderKind.TokenTransfer:
                CommonInstructions.TransferTokens(_draft, _state, order.Wallet, order.Counterparty, order.MintIndex, order.Amount);
                break;
            case OrderKind.WithdrawLiquidity:
                VenueInstructions.Withdraw(_draft, _state, order.Wallet, order.First.Pool, order.Amount);
                break;
            case OrderKind.Vote:
            default:
                VoteInstruction.Add(_draft, _state, _random, order.Wallet - _state.Wallets.FirstValidator);
                break;
        }
    }
}
