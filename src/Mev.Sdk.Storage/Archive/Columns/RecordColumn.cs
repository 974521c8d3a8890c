using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>The fixed block and the swaps of a transaction's record: nearly all of it follows from wire and meta.</summary>
/// <remarks>
/// What is expected is computed here, by rules that are part of the format, and not by the decoder that wrote the record: that one may learn new venues, and old archives must
/// not change with it.
/// </remarks>
internal sealed class RecordColumn(BlockState state, DataColumn data)
{
    private const int MaxSwaps = ushort.MaxValue;
    private const int WordsOfIdentity = (Signature.Size + Pubkey.Size) / sizeof(ulong);

    private uint _lastPlace;

    public void Clear() => _lastPlace = 0;

    public void Copy(StateCopy copy) => copy.Value(ref _lastPlace);

    public void CodeRecord(ref TransactionRecord record, ulong unitPrice, ulong unitLimit)
    {
        var (coder, model, numbers) = (state.Coder, state.Model, state.Numbers);
        coder.Stream = StreamKind.Records;
        var words = MemoryMarshal.Cast<TransactionRecord, ulong>(MemoryMarshal.CreateSpan(ref record, 1));
        var expected = Expected(unitPrice, unitLimit);
        var guesses = MemoryMarshal.Cast<TransactionRecord, ulong>(MemoryMarshal.CreateSpan(ref expected, 1));
        if (coder.Flag(FlagFamily.Record, 0, words[..WordsOfIdentity].SequenceEqual(guesses[..WordsOfIdentity])))
        {
            guesses[..WordsOfIdentity].CopyTo(words);
        }
        else
        {
            Words(words, guesses, 0, WordsOfIdentity);
        }

        expected.Slot = (ulong)numbers.Near(321, 322, (long)record.Slot);
        expected.BlockTimeSeconds = numbers.Near(323, 322, record.BlockTimeSeconds);
        expected.TipLamports = coder.Flag(324, record.TipLamports != 0) ? data.Value(324, 324, record.TipLamports) : 0;

        // The position in the block counts up.
        expected.IndexInBlock = coder.Flag(325, record.IndexInBlock == _lastPlace + 1) ? _lastPlace + 1 : (uint)coder.Number(326, record.IndexInBlock);
        _lastPlace = expected.IndexInBlock;
        expected.Flags = (TransactionFlags)numbers.Number(Context.Of(327, Nature()), 328, (ulong)record.Flags);
        expected.Stage = (SightingStage)numbers.Number(329, 328, (ulong)record.Stage);
        if (coder.Flag(FlagFamily.Record, 1, words[WordsOfIdentity..].SequenceEqual(guesses[WordsOfIdentity..])))
        {
            guesses[WordsOfIdentity..].CopyTo(words[WordsOfIdentity..]);
        }
        else
        {
            Words(words, guesses, WordsOfIdentity, words.Length);
        }
    }

    public void CodeSwaps(ByteArena bytes, int at, ref int count)
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.Swaps;
        count = state.Numbers.Count(Context.Of(330, model.Steps.Count == 0 ? 0 : model.Steps[model.Steps.Count - 1].Shape), 330, count, MaxSwaps);
        state.Charge((long)count * SwapEntry.Size);
        if (coder.IsDecoding)
        {
            bytes.Reserve(count * SwapEntry.Size);
        }

        for (var i = 0; i < count; i++)
        {
            // The instruction first: its shape and accounts tell nearly everything else.
            ref var swap = ref MemoryMarshal.AsRef<SwapEntry>(bytes[at + (i * SwapEntry.Size), SwapEntry.Size]);
            var (outer, inner) = (swap.OuterInstruction, swap.InnerInstruction);
            outer = (ushort)state.Numbers.Number(331, 332, outer, 6);
            inner = (ushort)state.Numbers.Number(Context.Of(333, (uint)i), 334, inner, 6);
            (swap.OuterInstruction, swap.InnerInstruction) = (0, 0);
            var step = StepOf(outer, inner);
            var shape = step < 0 ? 335u : Context.Of(model.Steps[step].Shape, 336);
            var accounts = step < 0 ? [] : model.Accounts(in model.Steps[step]);
            state.History.Sections.Forget(HistorySections.Parent);
            if (step >= 0)
            {
                ref readonly var of = ref model.Steps[step];
                state.History.Sections.Set(HistorySections.Parent, of.HistoryAt, of.HistoryAt + of.DataLength);
            }

            data.Code(shape, bytes[at + (i * SwapEntry.Size), SwapEntry.Size], 0, -1, accounts);
            (swap.OuterInstruction, swap.InnerInstruction) = (outer, inner);
        }
    }

    // The inner index counts the inner instructions of the outer one from 0; what is beyond them names the outer one itself.
    private int StepOf(int outer, int inner)
    {
        var steps = state.Model.Steps.Written;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].IsOuter && steps[i].Outer == outer)
            {
                var at = i + 1 + inner;
                return at < steps.Length && !steps[at].IsOuter && steps[at].Outer == outer ? at : i;
            }
        }

        return -1;
    }

    private void Words(Span<ulong> words, ReadOnlySpan<ulong> expected, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            words[i] = state.Coder.Flag(Context.Of(341, (uint)i), words[i] == expected[i])
                ? expected[i]
                : state.Numbers.Number(Context.Of(342, (uint)i), Context.Of(343, (uint)i), words[i]);
        }
    }

    // What wire and meta say. The error as bincode: TransactionError and InstructionError of the Solana SDK, as the record numbers them.
    private TransactionRecord Expected(ulong unitPrice, ulong unitLimit)
    {
        const int InstructionError = 9, Custom = 26;
        var model = state.Model;
        var expected = default(TransactionRecord);
        (expected.Signature, expected.Payer) = (model.Signatures[0], model.Keys[0]);
        (expected.FeeLamports, expected.ComputeUnitPriceMicroLamports) = (model.Fee, unitPrice);
        (expected.ComputeUnitLimit, expected.ComputeUnitsConsumed) = ((uint)unitLimit, (uint)Math.Min(model.Units, uint.MaxValue));
        (expected.MessageFormat, expected.SignatureCount, expected.InstructionCount) = ((byte)model.Format, (byte)model.Signatures.Count, (ushort)model.OuterCount);
        var error = model.Error.Written;
        if (model.HasError && error.Length >= sizeof(int))
        {
            expected.ErrorCode = (TransactionErrorCode)(error[0] + 1);
            if (error[0] + 1 == InstructionError && error.Length >= 9)
            {
                expected.ErrorInstruction = error[4];
                expected.ErrorInstructionCode = (InstructionErrorCode)(error[5] + 1);
                expected.ErrorCustomCode = error[5] + 1 == Custom && error.Length >= 13 ? BinaryPrimitives.ReadUInt32LittleEndian(error[9..]) : 0;
            }
        }

        return expected;
    }

    private uint Nature()
    {
        var model = state.Model;
        var isVote = model.OuterCount > 0;
        foreach (ref readonly var step in model.Steps.Written)
        {
            isVote &= !step.IsOuter || WellKnownKeys.All[WellKnownKeys.Vote] == state.Keys.Bytes(state.Ids[step.Program]);
        }

        return (model.HasMeta ? 1u : 0) | (model.HasError ? 2u : 0) | (isVote ? 4u : 0);
    }
}
