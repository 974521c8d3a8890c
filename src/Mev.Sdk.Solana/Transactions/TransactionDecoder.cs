using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Internal;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Venues;

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
    private readonly Execution _execution = new();
    private readonly SwapExtractor _swaps = new();

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
            error = $"wire: {failure}";
            return false;
        }

        if (!StatusMeta.TryParse(meta, out var status, out failure))
        {
            error = $"meta: {failure}";
            return false;
        }

        if (!_execution.TryLoad(in transaction, wire, in status, meta, hasMeta: !meta.IsEmpty, out error))
        {
            return false;
        }

        Fill(ref record, in transaction, in status, in context, hasMeta: !meta.IsEmpty);
        ReadInstructions(ref record, wire, meta, in status);
        if ((record.Flags & (TransactionFlags.HasMeta | TransactionFlags.Failed)) == TransactionFlags.HasMeta)
        {
            _swaps.Extract(_execution, wire, meta, in status, swaps);
        }

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

    private void ReadInstructions(ref TransactionRecord record, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, in StatusMeta status)
    {
        var view = new ExecutionView(wire, meta, status, _execution.Steps, _execution.Keys, default, default);
        var votes = 0;
        var failed = (record.Flags & TransactionFlags.Failed) != TransactionFlags.None; // HasFlag boxes in unoptimised builds
        foreach (ref readonly var step in view.Steps)
        {
            switch (step.Kind)
            {
                case ProgramKind.Vote when step.Inner == TraceStep.IsOuter:
                    votes++;
                    break;
                case ProgramKind.ComputeBudget when step.Inner == TraceStep.IsOuter:
                    ComputeBudget.Apply(view.Data(in step), ref record.ComputeUnitLimit, ref record.ComputeUnitPriceMicroLamports);
                    break;
                case ProgramKind.System when !failed
                    && SystemInstruction.TryTransfer(view.Accounts(in step), view.Data(in step), out _, out var to, out var lamports)
                    && JitoTips.Contains(in view.Keys[to]):
                    record.TipLamports = lamports > ulong.MaxValue - record.TipLamports ? ulong.MaxValue : record.TipLamports + lamports;
                    break;
            }
        }

        if (votes > 0 && votes == record.InstructionCount)
        {
            record.Flags |= TransactionFlags.Vote;
        }
    }
}
