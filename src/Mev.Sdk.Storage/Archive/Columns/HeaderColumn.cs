using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Payer, counts, signatures, keys, blockhash and lookups of a message.</summary>
internal sealed class HeaderColumn(BlockState state, KeyColumn keys)
{
    private const int MaxSignatures = 255;
    private const int RememberedHashes = 512;

    private readonly Rows<Shape> _shapes = new();
    private readonly Rows<int> _shapeIds = new();
    private readonly Pubkey[] _hashes = new Pubkey[RememberedHashes]; // the newest last
    private readonly LookupColumn _lookups = new(state, keys);
    private int _hashCount;
    private int _last; // one more than the shape's number
    private int _lastPayer;

    public void Clear()
    {
        _shapes.Clear();
        _shapeIds.Clear();
        _lookups.Clear();
        (_hashCount, _last, _lastPayer) = (0, 0, KeyRow.Unknown);
    }

    public void Copy(StateCopy copy)
    {
        copy.List(_shapes);
        copy.List(_shapeIds);
        copy.Table(_hashes.AsSpan());
        copy.Value(ref _hashCount);
        copy.Value(ref _last);
        copy.Value(ref _lastPayer);
        _lookups.Copy(copy);
    }

    /// <summary>Codes it all.</summary>
    /// <param name="derived">Encoding: which keys, by position, follow from the rest of the transaction.</param>
    /// <returns>Whether the payer was seen before.</returns>
    public bool Code(ReadOnlySpan<bool> derived)
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.Headers;
        model.HasMeta = coder.Flag(1, model.HasMeta);
        coder.Stream = StreamKind.KeyReferences;
        var payer = keys.Payer(40, state.IsDecoding ? KeyRow.Unknown : state.Keys.Find(in model.Keys[0]), state.IsDecoding ? default : model.Keys[0], _lastPayer);
        _lastPayer = payer;
        var known = state.Keys[payer].Shape;
        var isKnown = known > 0;
        coder.Stream = StreamKind.Headers;
        CodeShape(isKnown ? known : _last, isKnown);
        CodeSignatures();
        CodeKeys(payer, known, derived);
        CodeBlockhash(isKnown);
        _lookups.Code(derived);
        Remember(payer, known);
        return isKnown;
    }

    // A payer's message is remembered where its last one was, if it fits.
    private void Remember(int payer, int known)
    {
        var model = state.Model;
        if (known == 0)
        {
            _shapes.Add();
            known = _shapes.Count;
            state.Keys.Change(payer).Shape = known;
        }

        ref var shape = ref _shapes[known - 1];
        if (shape.Room < model.StaticKeys)
        {
            shape.Room = model.StaticKeys;
            shape.IdsAt = _shapeIds.Count;
            _shapeIds.SetCount(shape.IdsAt + shape.Room);
        }

        shape.Set(model);
        state.Ids.AsSpan(0, model.StaticKeys).CopyTo(_shapeIds.All[shape.IdsAt..]);
        _last = known;
    }

    private void CodeShape(int number, bool isKnown)
    {
        var (coder, model) = (state.Coder, state.Model);
        if (number > 0 && coder.Flag(Context.Of(50, isKnown ? 1u : 0), _shapes[number - 1].Fits(model)))
        {
            ref readonly var before = ref _shapes[number - 1];
            (model.Format, model.Required, model.ReadonlySigned, model.ReadonlyUnsigned, model.StaticKeys) =
                (before.Format, before.Required, before.ReadonlySigned, before.ReadonlyUnsigned, before.StaticKeys);
        }
        else
        {
            model.Format = coder.Nibble(51, model.Format, 2);
            model.Required = coder.Count(52, model.Required, byte.MaxValue);
            model.ReadonlySigned = coder.Count(53, model.ReadonlySigned, byte.MaxValue);
            model.StaticKeys = coder.Count(54, model.StaticKeys, TransactionModel.MaxKeys);
            model.ReadonlyUnsigned = coder.Count(Context.Of(55, (uint)Math.Min(model.StaticKeys, 30)), model.ReadonlyUnsigned, byte.MaxValue);
        }

        if (model.Format == TransactionModel.Version1)
        {
            model.ConfigMask = (uint)coder.Symbol(57, (int)model.ConfigMask, 5);
            for (var i = 0; i < model.Config.Length; i++)
            {
                model.Config[i] = state.Numbers.Number(Context.Of(58, (uint)i), Context.Of(59, (uint)i), model.Config[i], 6);
            }
        }
    }

    private void CodeSignatures()
    {
        var (coder, model) = (state.Coder, state.Model);
        var count = state.Numbers.Count(Context.Of(56, (uint)model.Required), 56, model.Signatures.Count, MaxSignatures);
        for (var i = 0; i < count; i++)
        {
            if (coder.IsDecoding)
            {
                model.Signatures.Add(state.Opaque.NextSignature());
            }
            else
            {
                state.Opaque.Signatures.Add(Signature.AsSpan(in model.Signatures[i]));
                coder.Spend(StreamKind.Signatures, 8 * Signature.Size);
            }
        }
    }

    private void CodeKeys(int payer, int known, ReadOnlySpan<bool> derived)
    {
        var model = state.Model;
        var before = known == 0 ? [] : _shapeIds.Written.Slice(_shapes[known - 1].IdsAt, _shapes[known - 1].StaticKeys);
        state.Coder.Stream = StreamKind.KeyReferences;
        state.Place(payer);
        var (last, beforeLast) = (payer, -7);
        for (var i = 1; i < model.StaticKeys; i++)
        {
            var key = state.IsDecoding ? default : model.Keys[i];
            var id = keys.Next(
                i < model.Required ? 60u : 61u,
                state.IsDecoding ? KeyRow.Unknown : state.Keys.Find(in key),
                in key,
                last,
                beforeLast,
                i < before.Length ? before[i] : KeyRow.Unknown,
                isDerived: !state.IsDecoding && derived[i]);
            state.Place(id);
            (beforeLast, last) = (last, id);
        }
    }

    private void CodeBlockhash(bool payerIsKnown)
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.Blockhashes;
        var age = 0; // from the newest
        while (!state.IsDecoding && age < _hashCount && _hashes[_hashCount - age - 1] != model.Blockhash)
        {
            age++;
        }

        if (coder.Flag(70, age == _hashCount))
        {
            if (coder.IsDecoding)
            {
                model.Blockhash = state.Opaque.NextKey();
            }
            else
            {
                state.Opaque.Keys.Add(Pubkey.AsSpan(in model.Blockhash));
                coder.Spend(StreamKind.Blockhashes, 8 * Pubkey.Size);
            }
        }
        else
        {
            age = coder.Count(Context.Of(71, payerIsKnown ? 1u : 0), age, _hashCount - 1);
            model.Blockhash = _hashes[_hashCount - age - 1];
            Forget(_hashCount - age - 1);
        }

        if (_hashCount == RememberedHashes)
        {
            Forget(0);
        }

        _hashes[_hashCount++] = model.Blockhash;
    }

    private void Forget(int at)
    {
        _hashes.AsSpan((at + 1).._hashCount).CopyTo(_hashes.AsSpan(at));
        _hashCount--;
    }

    /// <summary>What a message of a payer looked like.</summary>
    private struct Shape
    {
        public int Format;
        public int Required;
        public int ReadonlySigned;
        public int ReadonlyUnsigned;
        public int StaticKeys;

        /// <summary>Where its keys' ids are, and how many fit there.</summary>
        public int IdsAt;
        public int Room;

        public readonly bool Fits(TransactionModel model) => (Format, Required, ReadonlySigned, ReadonlyUnsigned, StaticKeys)
            == (model.Format, model.Required, model.ReadonlySigned, model.ReadonlyUnsigned, model.StaticKeys);

        public void Set(TransactionModel model) => (Format, Required, ReadonlySigned, ReadonlyUnsigned, StaticKeys)
            = (model.Format, model.Required, model.ReadonlySigned, model.ReadonlyUnsigned, model.StaticKeys);
    }
}
