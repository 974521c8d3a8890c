using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Derivation;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>How each derived key of a transaction is derived; when decoding, derives them.</summary>
internal sealed class DerivationColumn(BlockState state)
{
    private const int KindBits = 7;
    private const int MostTries = 255;

    private readonly AddressDeriver _deriver = new();

    /// <summary>Codes the derivations by rule and by seed, or those of token accounts, which may need the others.</summary>
    /// <param name="found">Encoding: by position of the key.</param>
    public void Code(ReadOnlySpan<DerivedKey> found)
    {
        var coder = state.Coder;
        coder.Stream = StreamKind.NewKeyKinds;
        Span<DerivedKey> derived = stackalloc DerivedKey[state.Derived.Count];
        for (var i = 0; i < derived.Length; i++)
        {
            var position = PositionOf(i);
            ref var key = ref derived[i];
            key = coder.IsDecoding ? default : found[position];
            var context = FirstUse(position);
            key.Kind = coder.Symbol(Context.Of(context, 210), key.Kind, KindBits);
            key.Try = coder.Count(Context.Of(211, key.Kind == DerivedKey.WithSeed ? 1u : 0), key.Try, MostTries);
        }

        if (coder.IsDecoding)
        {
            Derive(derived);
        }

        for (var i = 0; i < derived.Length; i++)
        {
            state.Keys.Change(state.Derived[i]).IsPending = false;
        }
    }

    private int PositionOf(int derived) => state.Keys[state.Derived[derived]].Position;

    // Who names the key first, and where: that nearly always tells how it is derived.
    private uint FirstUse(int position)
    {
        var model = state.Model;
        foreach (ref readonly var step in model.Steps.Written)
        {
            var account = model.Accounts(in step).IndexOf((byte)position);
            if (account >= 0)
            {
                return Context.Of((uint)state.Ids[step.Program], (uint)account, (uint)step.AccountsCount);
            }
        }

        return 0;
    }

    private void Derive(ReadOnlySpan<DerivedKey> derived)
    {
        var model = state.Model;
        for (var i = 0; i < derived.Length; i++)
        {
            if (derived[i].Kind != DerivedKey.OfTokenBalance)
            {
                Resolve(PositionOf(i), ByRule(derived[i], PositionOf(i)));
            }
        }

        for (var i = 0; i < derived.Length; i++)
        {
            if (derived[i].Kind == DerivedKey.OfTokenBalance)
            {
                var position = PositionOf(i);
                ref readonly var row = ref state.Keys[state.Ids[position]];
                if (row.Mint < 0)
                {
                    throw new InvalidDataException("A token account is derived from a balance that is not there.");
                }

                var token = new TokenRow { Mint = state.Keys.Bytes(row.Mint), Owner = state.Keys.Bytes(row.Owner), Program = state.Keys.Bytes(row.Program) };
                _deriver.BeginTokenAccount(in token);
                Resolve(position, _deriver.TokenAccountAt(derived[i].Try));
            }
        }

        foreach (ref readonly var patch in state.Patches.Written)
        {
            state.Keys.Bytes(patch.Id).CopyTo(model.Bytes[patch.At, Pubkey.Size]);
        }
    }

    private Pubkey ByRule(DerivedKey key, int position)
    {
        var model = state.Model;
        if (key.Kind == DerivedKey.WithSeed)
        {
            var seeded = AddressDeriver.SeededStepOf(model, position);
            if (seeded < 0 || !SeededAccount.TryRead(model.Data(in model.Steps[seeded]), out var account))
            {
                throw new InvalidDataException("A key is derived from a seed that no instruction gives.");
            }

            Span<byte> hash = stackalloc byte[Pubkey.Size];
            account.Derive(hash);
            return new Pubkey(hash);
        }

        var id = key.Kind - DerivedKey.FirstRule;
        if (id >= AddressRules.All.Count)
        {
            throw new InvalidDataException($"A key is derived by rule {id}, which this version does not have.");
        }

        var rule = AddressRules.All[id];
        var step = AddressDeriver.StepOf(rule, model, position);
        return step >= 0 && _deriver.BeginRule(rule, model, step, position)
            ? _deriver.RuleAt(rule, model, step, key.Try)
            : throw new InvalidDataException($"A key is derived by rule {id} from an instruction that is not there.");
    }

    private void Resolve(int position, Pubkey key)
    {
        state.Keys.Resolve(state.Ids[position], in key);
        state.Model.Keys[position] = key;
    }
}
