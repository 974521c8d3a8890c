using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Instructions in order of execution: who calls whom, with which data and accounts.</summary>
internal sealed class StepColumn(BlockState state, DataColumn data)
{
    private const int AccountBits = 14;
    public const int MaxSteps = 4096;
    public const int MaxDataBytes = 1 << 20;
    private const int End = -2;
    private const uint NotAnInstruction = 999;

    /// <summary>Height 0, not recorded, is coded as the one number above all heights, because 0 ends the list.</summary>
    private const int NoHeight = StepTree.MaxHeight + 1;

    private readonly GuessTable _afterOne = new();
    private readonly GuessTable _afterMore = new();
    private readonly GuessTable _firstBytes = new(bits: 12);
    private readonly GuessTable _heights = new(bits: 13);
    private readonly AccountPlace[] _accounts = new AccountPlace[1 << AccountBits];
    private readonly bool[] _used = new bool[TransactionModel.MaxKeys];
    private readonly StepTree _tree = new();
    private int _outerStep;

    public void Clear()
    {
        _afterOne.Clear();
        _afterMore.Clear();
        _firstBytes.Clear();
        _heights.Clear();
        Array.Clear(_accounts);
    }

    public void Copy(StateCopy copy)
    {
        _afterOne.Copy(copy);
        _afterMore.Copy(copy);
        _firstBytes.Copy(copy);
        _heights.Copy(copy);
        copy.Table(_accounts.AsSpan());
    }

    /// <summary>Codes them all.</summary>
    public void Code(bool payerIsKnown)
    {
        var model = state.Model;
        Array.Clear(_used);
        var first = payerIsKnown ? (uint)state.Ids[0] : NotAnInstruction;
        var (last, beforeLast) = (7u, first);
        state.History.Sections.Set(HistorySections.Whole, 0, 0);
        var at = 0;
        for (var outer = 0; ; outer++)
        {
            state.Coder.Stream = StreamKind.Programs;
            var program = Next(last, Context.Of(last, beforeLast), 80, state.IsDecoding ? 0 : at == model.Steps.Count ? End : state.Ids[model.Steps[at].Program]);
            if (program == End)
            {
                model.OuterCount = outer;
                return;
            }

            _outerStep = at;
            ref var step = ref Begin(at, outer, height: 1, parent: -1, program);
            _tree.Begin(at);
            CodeStep(ref step, program, last, [], StreamKind.OuterData, StreamKind.OuterAccounts, 0);
            (beforeLast, last) = (last, step.Shape);
            at++;
            if (model.HasMeta)
            {
                CodeInner(outer, ref at);
            }
        }
    }

    private void CodeInner(int outer, ref int at)
    {
        var (coder, model) = (state.Coder, state.Model);
        var top = model.Steps[_outerStep].Shape;
        var (last, beforeLast, lastHeight) = (0u, 0u, 1u);
        for (var ordinal = 0u; ; ordinal++)
        {
            coder.Stream = StreamKind.InnerStructure;
            var height = 0;
            if (!coder.IsDecoding && at < model.Steps.Count && !model.Steps[at].IsOuter)
            {
                height = model.Steps[at].Height == 0 ? NoHeight : model.Steps[at].Height;
            }

            height = CodeHeight(Context.Of(Context.Of(110, last, lastHeight), top, beforeLast), Context.Of(110, last, lastHeight), height);
            if (height == 0)
            {
                return;
            }

            var recorded = height == NoHeight ? 0 : height;
            var depth = (uint)StepTree.HeightOf(recorded);
            var parent = _tree.ParentAt(recorded);
            var caller = model.Steps[parent].Shape;
            var program = Next(
                Context.Of(caller, last, beforeLast, depth),
                Context.Of(Context.Of(caller, last, beforeLast), ordinal, top),
                81,
                coder.IsDecoding ? 0 : state.Ids[model.Steps[at].Program]);
            if (program == End || recorded == 1)
            {
                throw new InvalidDataException("An inner instruction without a program.");
            }

            ref var step = ref Begin(at, outer, recorded, parent, program);
            var family = Context.Of(caller, last);

            // Programs that everybody calls are told apart by who calls them; for others that would only dilute.
            var own = WellKnownKeys.Contains(program) ? Context.Of(family, beforeLast) : 0;
            CodeStep(ref step, program, family, model.Accounts(in model.Steps[parent]), StreamKind.InnerData, StreamKind.InnerAccounts, own);
            _tree.Enter(recorded, at);
            (beforeLast, last, lastHeight) = (last, Context.Of(step.Shape, depth), (uint)height);
            at++;
        }
    }

    // The height that followed the last time, or any.
    private int CodeHeight(uint context, uint wide, int height)
    {
        var coder = state.Coder;
        ref var guess = ref _heights[context];
        height = guess.Value >= 0 && coder.Flag(FlagFamily.Height, guess.Confidence, height == guess.Value) ? guess.Value : coder.Nibble(wide, height);
        guess.Follow(height);
        return height;
    }

    private ref Instruction Begin(int at, int outer, int height, int parent, int program)
    {
        var model = state.Model;
        state.Charge(1);
        if (state.IsDecoding)
        {
            if (model.Steps.Count == MaxSteps)
            {
                throw new InvalidDataException($"A transaction of more than {MaxSteps} instructions.");
            }

            model.Steps.Add();
        }

        ref var step = ref model.Steps[at];
        (step.Outer, step.Height, step.Parent) = (outer, height, parent);
        step.Program = state.Keys[program].Position;
        return ref step;
    }

    private void CodeStep(ref Instruction step, int program, uint family, ReadOnlySpan<byte> caller, StreamKind dataStream, StreamKind accountStream, uint own)
    {
        var (coder, model, history) = (state.Coder, state.Model, state.History);
        coder.Stream = dataStream;
        var isOuter = step.IsOuter;
        var length = (int)Math.Min(state.Numbers.Number(Context.Of((uint)program, family, isOuter ? 800u : 801), Context.Of(801, isOuter ? 0u : 1), (ulong)step.DataLength, 8), MaxDataBytes + 1);
        if (length > MaxDataBytes)
        {
            throw new InvalidDataException($"Data of more than {MaxDataBytes} bytes.");
        }

        state.Charge(length);
        if (coder.IsDecoding)
        {
            (step.DataAt, step.DataLength) = (model.Bytes.Reserve(length), length);
        }

        var bytes = model.Data(in step);
        var first = NotAnInstruction;
        if (length > 0)
        {
            ref var guess = ref _firstBytes[Context.Of((uint)program, (uint)length, family, 802)];
            bytes[0] = guess.Value >= 0 && coder.Flag(FlagFamily.FirstByte, guess.Confidence, bytes[0] == guess.Value)
                ? (byte)guess.Value
                : coder.Byte(Context.Of((uint)program, (uint)length, 802), bytes[0]);
            guess.Follow(bytes[0]);
            first = bytes[0];
        }

        step.Shape = Context.Of((uint)program, (uint)length, first);
        if (step.Parent >= 0)
        {
            ref readonly var parent = ref model.Steps[step.Parent];
            history.Sections.Set(HistorySections.Parent, parent.HistoryAt, parent.HistoryAt + parent.DataLength);
        }
        else
        {
            history.Sections.Forget(HistorySections.Parent);
        }

        var hasPending = length > 0 && data.Code(own == 0 ? step.Shape : Context.Of(step.Shape, own), bytes, 1, step.DataAt, caller);
        step.HistoryAt = history.Add(bytes, isWhole: !hasPending);
        history.Sections.Set(HistorySections.Previous, step.HistoryAt, history.Length);
        coder.Stream = accountStream;
        CodeAccounts(ref step, own == 0 ? step.Shape : Context.Of(step.Shape, own), caller);
    }

    private void CodeAccounts(ref Instruction step, uint shape, ReadOnlySpan<byte> caller)
    {
        var (coder, model) = (state.Coder, state.Model);
        var isOuter = step.IsOuter;
        var count = (int)Math.Min(state.Numbers.Number(Context.Of(shape, 600), Context.Of(601, isOuter ? 0u : 1), (ulong)step.AccountsCount, 6), ushort.MaxValue + 1);
        if (count > ushort.MaxValue)
        {
            throw new InvalidDataException("An instruction of more than 65,535 accounts.");
        }

        state.Charge(count);
        if (coder.IsDecoding)
        {
            (step.AccountsAt, step.AccountsCount) = (model.Bytes.Reserve(count), count);
        }

        var accounts = model.Bytes[step.AccountsAt, count];
        var last = -1;
        var next = 0; // of the caller's accounts, behind the one that came last
        Span<Candidate> candidates = stackalloc Candidate[5];
        for (var i = 0; i < count; i++)
        {
            var name = Context.Of(shape, (uint)i, 700, isOuter ? 0u : 1);
            ref var place = ref _accounts[name >> (32 - AccountBits)];
            if (place.Name != name)
            {
                place = new AccountPlace { Name = name, Key = KeyRow.Unknown, OfCaller = AccountPlace.NoAccount };
            }

            var found = Gather(in place, caller, next, last, candidates);
            var position = Choose(accounts[i], candidates[..found], in place, isOuter);
            accounts[i] = (byte)position;
            Remember(ref place, position, candidates[..found], caller);
            _used[position] = true;
            next = NextOfCaller(caller, next, (byte)position);
            last = position;
        }
    }

    // Behind where the caller has the account, looked for from where it was looked for last.
    private static int NextOfCaller(ReadOnlySpan<byte> caller, int next, byte position)
    {
        if (next < caller.Length && caller[next] == position)
        {
            return next + 1;
        }

        var at = next < caller.Length ? caller[next..].IndexOf(position) : -1;
        at = at >= 0 ? at + next : caller.IndexOf(position);
        return at >= 0 ? at + 1 : next;
    }

    private int Gather(in AccountPlace place, ReadOnlySpan<byte> caller, int nextOfCaller, int last, Span<Candidate> candidates)
    {
        var found = 0;
        var keyCount = state.KeyCount;
        if (!place.IsSet)
        {
            if (nextOfCaller < caller.Length)
            {
                candidates[found++] = new Candidate(caller[nextOfCaller], 0, 4);
            }

            var next = NextUnused(last + 1, anyClass: true, 0);
            if (next >= 0)
            {
                candidates[found++] = new Candidate(next, 0, 3);
            }

            return found;
        }

        if (place.OfCaller < caller.Length)
        {
            candidates[found++] = new Candidate(caller[place.OfCaller], place.TrustInCaller, 0);
        }

        if (place.Key >= 0 && state.IsInTransaction(place.Key))
        {
            candidates[found++] = new Candidate(state.Keys[place.Key].Position, place.TrustInKey, 1);
        }

        if (nextOfCaller < caller.Length)
        {
            candidates[found++] = new Candidate(caller[nextOfCaller], place.TrustInNext, 4);
        }

        if (place.Position < keyCount)
        {
            candidates[found++] = new Candidate(place.Position, place.TrustInPosition, 2);
        }

        var unused = NextUnused(0, anyClass: false, place.Class);
        if (unused >= 0)
        {
            candidates[found++] = new Candidate(unused, place.TrustInUnused, 3);
        }

        for (var i = 1; i < found; i++)
        {
            for (var k = i; k > 0 && candidates[k].Trust > candidates[k - 1].Trust; k--)
            {
                (candidates[k], candidates[k - 1]) = (candidates[k - 1], candidates[k]);
            }
        }

        return found;
    }

    private int NextUnused(int from, bool anyClass, byte keyClass)
    {
        for (var i = from; i < state.KeyCount; i++)
        {
            if (!_used[i] && (anyClass || state.Model.ClassOf(i) == keyClass))
            {
                return i;
            }
        }

        return -1;
    }

    private int Choose(byte account, ReadOnlySpan<Candidate> candidates, in AccountPlace place, bool isOuter)
    {
        var coder = state.Coder;
        for (var i = 0; i < candidates.Length; i++)
        {
            var agree = 0u;
            var isRepeated = false;
            for (var k = 0; k < candidates.Length; k++)
            {
                var same = candidates[k].Position == candidates[i].Position;
                agree += same ? 1u : 0;
                isRepeated |= same && k < i;
            }

            var context = Context.Of(Context.Of(710, isOuter ? 0u : 1), place.IsSet ? 1u : 0, (uint)((i * 128) + (candidates[i].Way * 16) + candidates[i].Trust), agree);
            if (!isRepeated && coder.Flag(context, account == candidates[i].Position))
            {
                return candidates[i].Position;
            }
        }

        var position = coder.Symbol(Context.Of(720, (uint)state.KeyCount), account, state.PositionBits);
        return position < state.KeyCount ? position : throw new InvalidDataException($"An account that is key {position} of {state.KeyCount}.");
    }

    private void Remember(ref AccountPlace place, int position, ReadOnlySpan<Candidate> candidates, ReadOnlySpan<byte> caller)
    {
        var callerWasRight = false;
        if (place.IsSet)
        {
            var hits = 0;
            foreach (var candidate in candidates)
            {
                hits |= candidate.Position == position ? 1 << candidate.Way : 0;
            }

            callerWasRight = (hits & 1) != 0;
            place.TrustInCaller = Trust(place.TrustInCaller, callerWasRight);
            place.TrustInKey = Trust(place.TrustInKey, (hits & 2) != 0);
            place.TrustInPosition = Trust(place.TrustInPosition, (hits & 4) != 0);
            place.TrustInUnused = Trust(place.TrustInUnused, (hits & 8) != 0);
            place.TrustInNext = Trust(place.TrustInNext, (hits & 16) != 0);
        }

        if (!callerWasRight)
        {
            var of = caller.IndexOf((byte)position);
            place.OfCaller = of is >= 0 and < AccountPlace.NoAccount ? (byte)of : AccountPlace.NoAccount;
        }

        (place.Key, place.Position, place.Class, place.IsSet) = (state.Ids[position], (byte)position, state.Model.ClassOf(position), true);
    }

    private static byte Trust(byte trust, bool wasRight) => wasRight ? Guess.Raise(trust) : (byte)(trust / 2);

    // The program that follows in a context, as the id of a key of the transaction, or the end of the list.
    private int Next(uint context, uint narrowContext, uint kind, int program)
    {
        var coder = state.Coder;
        ref var narrow = ref _afterMore[Context.Of(narrowContext, 2)];
        ref var wide = ref _afterOne[Context.Of(context, 1)];
        var found = Guess.Nothing;
        if (IsPossible(narrow.Value) && coder.Flag(Context.Of(kind, 1, narrow.Confidence), program == FromGuess(narrow.Value)))
        {
            found = FromGuess(narrow.Value);
        }
        else if (IsPossible(wide.Value) && wide.Value != narrow.Value && coder.Flag(Context.Of(kind, 2, wide.Confidence), program == FromGuess(wide.Value)))
        {
            found = FromGuess(wide.Value);
        }
        else if (coder.Flag(Context.Of(kind, 3), program == End))
        {
            found = End;
        }
        else
        {
            var fromEnd = coder.Symbol(Context.Of(kind, 4, (uint)state.PositionBits), state.IsDecoding ? 0 : state.KeyCount - 1 - state.Keys[program].Position, state.PositionBits);
            found = fromEnd < state.KeyCount ? state.Ids[state.KeyCount - 1 - fromEnd] : throw new InvalidDataException("A program that is no key of the transaction.");
        }

        narrow.Learn(found == End ? 0 : found + 1);
        wide.Learn(found == End ? 0 : found + 1);
        return found;
    }

    // Guesses hold ids plus one, 0 = the end.
    private static int FromGuess(int guess) => guess == 0 ? End : guess - 1;

    private bool IsPossible(int guess) => guess == 0 || (guess > 0 && state.IsInTransaction(guess - 1));

    private readonly record struct Candidate(int Position, byte Trust, int Way);
}
