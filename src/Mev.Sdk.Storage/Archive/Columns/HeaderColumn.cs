using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Payer, counts, signatures, keys, blockhash and lookups of a message.</summary>
internal sealed class HeaderColumn(BlockState state, KeyColumn keys)
{
    private const int MaxSignatures = 255;
    private const int RememberedHashes = 512;

    private readonly Dictionary<int, Shape> _shapes = [];
    private readonly List<Pubkey> _hashes = [];
    private readonly LookupColumn _lookups = new(state, keys);
    private Shape? _last;
    private int _lastPayer;

    public void Clear()
    {
        _shapes.Clear();
        _hashes.Clear();
        _lookups.Clear();
        _last = null;
        _lastPayer = -1;
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
        var isKnown = _shapes.TryGetValue(payer, out var before);
        coder.Stream = StreamKind.Headers;
        CodeShape(isKnown ? before : _last, isKnown);
        CodeSignatures();
        CodeKeys(payer, isKnown ? before!.Ids : [], derived);
        CodeBlockhash(isKnown);
        _lookups.Code();
        _last = new Shape(model.Format, model.Required, model.ReadonlySigned, model.ReadonlyUnsigned, model.StaticKeys, state.Ids.AsSpan(0, model.StaticKeys).ToArray());
        _shapes[payer] = _last;
        return isKnown;
    }

    private void CodeShape(Shape? before, bool isKnown)
    {
        var (coder, model) = (state.Coder, state.Model);
        if (before is not null && coder.Flag(Context.Of(50, isKnown ? 1u : 0), before.Fits(model)))
        {
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
        var count = coder.Count(Context.Of(56, (uint)model.Required), model.Signatures.Count, MaxSignatures);
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

    private void CodeKeys(int payer, ReadOnlySpan<int> before, ReadOnlySpan<bool> derived)
    {
        var model = state.Model;
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
        while (!state.IsDecoding && age < _hashes.Count && _hashes[^(age + 1)] != model.Blockhash)
        {
            age++;
        }

        if (coder.Flag(70, age == _hashes.Count))
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
            age = coder.Count(Context.Of(71, payerIsKnown ? 1u : 0), age, _hashes.Count - 1);
            model.Blockhash = _hashes[^(age + 1)];
            _hashes.RemoveAt(_hashes.Count - 1 - age);
        }

        if (_hashes.Count == RememberedHashes)
        {
            _hashes.RemoveAt(0);
        }

        _hashes.Add(model.Blockhash);
    }

    private sealed record Shape(int Format, int Required, int ReadonlySigned, int ReadonlyUnsigned, int StaticKeys, int[] Ids)
    {
        public bool Fits(TransactionModel model) => (Format, Required, ReadonlySigned, ReadonlyUnsigned, StaticKeys)
            == (model.Format, model.Required, model.ReadonlySigned, model.ReadonlyUnsigned, model.StaticKeys);
    }
}
