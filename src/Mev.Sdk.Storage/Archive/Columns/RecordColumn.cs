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

    private ulong _lastPlace;

    public void Clear() => _lastPlace = 0;

    public void Copy(StateCopy copy) => copy.Value(ref _lastPlace);

    public void CodeRecord(ref TransactionRecord record, ulong unitPrice, ulong unitLimit)
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.Records;
        var words = MemoryMarshal.Cast<TransactionRecord, ulong>(MemoryMarshal.CreateSpan(ref record, 1));
        var expected = default(TransactionRecord);
        (expected.Signature, expected.Payer) = (model.Signatures[0], model.Keys[0]);
        (expected.FeeLamports, expected.ComputeUnitPriceMicroLamports) = (model.Fee, unitPrice);
        (expected.ComputeUnitLimit, expected.ComputeUnitsConsumed) = ((uint)unitLimit, (uint)Math.Min(model.Units, uint.MaxValue));
        (expected.MessageFormat, expected.SignatureCount, expected.InstructionCount) = ((byte)model.Format, (byte)model.Signatures.Count, (ushort)model.OuterCount);
        var guesses = MemoryMarshal.Cast<TransactionRecord, ulong>(MemoryMarshal.CreateSpan(ref expected, 1));
        var isExpected = coder.Flag(320, words[..WordsOfIdentity].SequenceEqual(guesses[..WordsOfIdentity]));
        if (isExpected)
        {
            guesses[..WordsOfIdentity].CopyTo(words);
        }

        for (var i = isExpected ? WordsOfIdentity : 0; i < words.Length; i++)
        {
            words[i] = Word((uint)i, words[i], guesses[i]);
        }
    }

    public void CodeSwaps(ByteArena bytes, int at, ref int count)
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.Swaps;
        count = coder.Count(330, count, MaxSwaps);
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

    private ulong Word(uint word, ulong value, ulong expected)
    {
        const uint Slot = 12, BlockTime = 13, Tip = 15, IndexAndFlags = 18, Error = 19;
        var (coder, model) = (state.Coder, state.Model);
        switch (word)
        {
            case Slot or BlockTime:
                return state.Numbers.Number(Context.Of(321, word), Context.Of(322, word), value, 6);
            case Tip:
                return coder.Flag(323, value != 0) ? data.Value(324, 324, value) : 0;
            case IndexAndFlags:
                // The low half is the position in the block, which counts up.
                var next = (_lastPlace + 1) & uint.MaxValue;
                var place = value & uint.MaxValue;
                place = coder.Flag(325, place == next) ? next : coder.Number(326, place);
                _lastPlace = place;
                return place | (state.Numbers.Number(Context.Of(327, Nature()), 328, value >> 32) << 32);
            case >= Error and < Error + 2:
                // Code, instruction, stage and the program's own code follow from the error's bytes.
                return state.Numbers.Number(Context.Of(329, word, ErrorHash(), Nature()), Context.Of(340, word), value, 6);
            default:
                return coder.Flag(Context.Of(341, word), value == expected) ? expected : state.Numbers.Number(Context.Of(342, word), Context.Of(343, word), value);
        }
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

    private uint ErrorHash()
    {
        var hash = 0u;
        foreach (var part in state.Model.Error.Written)
        {
            hash = Context.Of(hash, part);
        }

        return hash;
    }
}
