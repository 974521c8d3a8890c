using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Internal;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Transactions;

/// <summary>Turns a transaction's wire bytes and status meta into a record and the swaps it executed.</summary>
/// <remarks>
/// Keeps scratch memory between calls and allocates nothing once that has grown: use one decoder a thread; it is not thread-safe. A failed
/// transaction has no swaps and no tip, because nothing it did but paying the fee lasted.
/// </remarks>
/// <example>
/// <code>
/// var decoder = new TransactionDecoder();
/// var swaps = new List&lt;SwapEntry&gt;();
/// if (decoder.TryDecode(wire, meta, new SightingContext(slot), out var record, swaps, out var error)) { ... }
/// </code>
/// </example>
public sealed class TransactionDecoder
{
    private const uint MicroLamports = 1_000_000;

    private readonly TransactionEffects _effects;

    /// <summary>Creates a decoder.</summary>
    /// <param name="kinds">What <see cref="Effects"/> holds beside swaps, which are always read.</param>
    public TransactionDecoder(EffectKinds kinds = EffectKinds.Swaps) => _effects = new TransactionEffects(kinds | EffectKinds.Swaps);

    /// <summary>What the transaction decoded last did; changes with the next one.</summary>
    public TransactionEffects Effects => _effects;

    /// <summary>Decodes one transaction.</summary>
    /// <param name="wire">The transaction's bytes.</param>
    /// <param name="meta">Its status meta as ConfirmedBlock protobuf; empty = not known yet.</param>
    /// <param name="context">What is known about the sighting.</param>
    /// <param name="record">The record.</param>
    /// <param name="swaps">Cleared, then filled with the swaps in order of execution; none without meta, which holds the token movements.</param>
    /// <param name="error">What is wrong and where, or null.</param>
    /// <returns>
    /// False when the bytes are malformed, contradict each other, or hold more than 1,024 outer and inner instructions (the runtime allows 64).
    /// </returns>
    public bool TryDecode(
        ReadOnlySpan<byte> wire,
        ReadOnlySpan<byte> meta,
        in SightingContext context,
        out TransactionRecord record,
        List<SwapEntry> swaps,
        out string? error)
    {
        ArgumentNullException.ThrowIfNull(swaps);
        swaps.Clear();
        record = default;
        if (!WireTransaction.TryParse(wire, out var transaction, out var failure))
        {
            _effects.Refuse($"wire: {failure}", out error);
            return false;
        }

        if (!StatusMeta.TryParse(meta, out var status, out failure))
        {
            _effects.Refuse($"meta: {failure}", out error);
            return false;
        }

        if (_effects.Read(in transaction, wire, in status, meta, out error) == EffectsOutcome.Refused)
        {
            return false;
        }

        Fill(ref record, in transaction, in status, in context, hasMeta: !meta.IsEmpty);
        ReadInstructions(ref record, wire, meta, in status);
        swaps.AddRange(_effects.Swaps);
        return true;
    }

    private static void Fill(ref TransactionRecord record, in WireTransaction transaction, in StatusMeta meta, in SightingContext context, bool hasMeta)
    {
        record.Signature = transaction.Signatures[0];
        record.Payer = transaction.StaticKeys[0];
        record.Slot = context.Slot;
        record.BlockTimeSeconds = context.BlockTimeSeconds;
        record.IndexInBlock = context.IndexInBlock;
        record.Stage = context.Stage;
        record.MessageFormat = (byte)transaction.Format;
        record.SignatureCount = (byte)transaction.SignatureCount;
        record.InstructionCount = (ushort)transaction.InstructionCount;
        record.Flags = context.Flags;
        FillConfig(ref record, transaction.Config);
        if (!hasMeta)
        {
            return;
        }

        var error = meta.Error;
        record.Flags |= TransactionFlags.HasMeta | (error.Code != TransactionErrorCode.None ? TransactionFlags.Failed : TransactionFlags.None);
        record.ErrorCode = error.Code;
        record.ErrorInstruction = error.InstructionIndex;
        record.ErrorInstructionCode = error.InstructionCode;
        record.ErrorCustomCode = error.CustomCode;
        record.FeeLamports = meta.FeeLamports;
        record.ComputeUnitsConsumed = (uint)Math.Min(meta.ComputeUnitsConsumed, uint.MaxValue);
    }

    // A version-1 message asks in its header; it names the whole priority fee, from which the price of a unit follows.
    private static void FillConfig(ref TransactionRecord record, TransactionConfig config)
    {
        record.ComputeUnitLimit = config.ComputeUnitLimit ?? 0;
        if (config is { PriorityFeeLamports: { } fee, ComputeUnitLimit: > 0 and var limit })
        {
            record.ComputeUnitPriceMicroLamports = (ulong)UInt128.Min((UInt128)fee * MicroLamports / limit, ulong.MaxValue);
        }
    }

    private void ReadInstructions(ref TransactionRecord record, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, in StatusMeta status)
    {
        var view = new ExecutionView(wire, meta, status, _effects.Execution, ledger: null);
        var votes = 0;
        var isV1 = record.MessageFormat == (byte)MessageFormat.V1;
        var failed = (record.Flags & TransactionFlags.Failed) != TransactionFlags.None; // HasFlag boxes in unoptimised builds
        foreach (ref readonly var step in view.Steps)
        {
            switch (step.Kind)
            {
                case ProgramKind.Vote when step.Inner == TraceStep.IsOuter:
                    votes++;
                    break;
                case ProgramKind.ComputeBudget when step.Inner == TraceStep.IsOuter && !isV1:
                    ComputeBudget.Apply(view.Data(in step), ref record.ComputeUnitLimit, ref record.ComputeUnitPriceMicroLamports);
                    break;
                case ProgramKind.System when !failed
                    && SystemInstruction.TryTransfer(view.Accounts(in step), view.Data(in step), out _, out var to, out var lamports)
                    && JitoTips.Contains(in view.Keys[to]):
                    record.TipLamports = Saturating.Add(record.TipLamports, lamports);
                    break;
            }
        }

        if (votes > 0 && votes == record.InstructionCount)
        {
            record.Flags |= TransactionFlags.Vote;
        }
    }
}
