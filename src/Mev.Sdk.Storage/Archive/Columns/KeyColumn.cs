using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Which key comes next: the one that followed the last time, one that is known, or a new one.</summary>
internal sealed class KeyColumn(BlockState state)
{
    private readonly GuessTable _afterOne = new();
    private readonly GuessTable _afterTwo = new();
    private uint _lastWereNew;

    public void Clear()
    {
        _afterOne.Clear();
        _afterTwo.Clear();
        _lastWereNew = 0;
    }

    public void Copy(StateCopy copy)
    {
        _afterOne.Copy(copy);
        _afterTwo.Copy(copy);
        copy.Value(ref _lastWereNew);
    }

    /// <summary>Codes a key that follows two others.</summary>
    /// <param name="kind">What the key is for.</param>
    /// <param name="id">Its id, -1 when it is new; ignored when decoding.</param>
    /// <param name="key">Its bytes; ignored when decoding.</param>
    /// <param name="last">What stood before it.</param>
    /// <param name="beforeLast">What stood before that.</param>
    /// <param name="expected">One more candidate, or -1.</param>
    /// <param name="isDerived">Whether its bytes follow from the rest of the transaction; null = that cannot be.</param>
    /// <returns>Its id.</returns>
    public int Next(uint kind, int id, in Pubkey key, int last, int beforeLast, int expected, bool? isDerived)
    {
        ref var two = ref _afterTwo[Context.Of((uint)last, (uint)beforeLast, 33)];
        ref var one = ref _afterOne[Context.Of((uint)last, 34)];
        ReadOnlySpan<int> candidates = [two.Value, one.Value, expected];
        ReadOnlySpan<byte> confidences = [two.Confidence, one.Confidence, 0];
        id = Code(kind, id, in key, candidates, confidences, isDerived, isOnceInTransaction: true);
        two.Follow(id);
        one.Follow(id);
        return id;
    }

    /// <summary>Codes the payer, which may be anybody.</summary>
    public int Payer(uint kind, int id, in Pubkey key, int lastPayer)
    {
        ref var guess = ref _afterOne[Context.Of((uint)lastPayer, 31)];
        ReadOnlySpan<int> candidates = [lastPayer, guess.Value];
        ReadOnlySpan<byte> confidences = [guess.Confidence, guess.Confidence];
        id = Code(kind, id, in key, candidates, confidences, isDerived: null, isOnceInTransaction: false);
        guess.Follow(id);
        return id;
    }

    /// <summary>Codes a key for which there is one candidate at most.</summary>
    public int Expected(uint kind, int id, in Pubkey key, int expected, bool? isDerived = null)
    {
        ReadOnlySpan<int> candidates = [expected];
        ReadOnlySpan<byte> confidences = [0];
        return Code(kind, id, in key, candidates, confidences, isDerived, isOnceInTransaction: false);
    }

    /// <summary>Codes a key that nobody named before.</summary>
    public int New(in Pubkey key)
    {
        var coder = state.Coder;
        var before = coder.Stream;
        coder.Stream = StreamKind.NewKeys;
        var value = key;
        if (coder.IsDecoding)
        {
            value = state.Opaque.NextKey();
        }
        else
        {
            state.Opaque.Keys.Add(Pubkey.AsSpan(in key));
            coder.Spend(StreamKind.NewKeys, 8 * Pubkey.Size);
        }

        coder.Stream = before;
        return state.Keys.Add(in value);
    }

    private int Code(uint kind, int id, in Pubkey key, ReadOnlySpan<int> candidates, ReadOnlySpan<byte> confidences, bool? isDerived, bool isOnceInTransaction)
    {
        var coder = state.Coder;
        for (var i = 0; i < candidates.Length; i++)
        {
            var candidate = candidates[i];
            if (candidate < 0 || (isOnceInTransaction && state.IsInTransaction(candidate)) || candidates[..i].Contains(candidate))
            {
                continue;
            }

            if (coder.Flag(Context.Of(kind, 10 + (uint)i, confidences[i]), candidate == id))
            {
                return candidate;
            }
        }

        var stream = coder.Stream;
        coder.Stream = StreamKind.NewKeyKinds;
        var isNew = coder.Flag(Context.Of(kind, 30, _lastWereNew), id < 0);
        _lastWereNew = ((_lastWereNew * 2) + (isNew ? 1u : 0)) & 7;
        if (isNew)
        {
            // A derived key is in the table at once; its bytes come when everything they follow from is known.
            var derived = isDerived is { } is_ && coder.Flag(Context.Of(kind, 32), is_);
            coder.Stream = stream;
            if (!derived)
            {
                return New(in key);
            }

            state.Charge(Pubkey.Size);
            id = state.Keys.Add(coder.IsDecoding ? default : key);
            state.Derived.Add(id);
            state.Keys.Change(id).IsPending = true;
            return id;
        }

        coder.Stream = stream;
        return state.KnownKey(Context.Of(kind, 31), id);
    }
}
