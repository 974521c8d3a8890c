using Mev.Sdk.Storage.Archive.Columns;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Derivation;

/// <summary>Finds which new keys of a transaction follow from the rest of it. Only encoders do this.</summary>
/// <remarks>
/// What a derivation reads must itself be stored, so that no order has to be found when decoding: first everything by rule or seed, then token accounts, whose owner may be
/// one of the first kind.
/// </remarks>
internal sealed class DerivationFinder(BlockState state)
{
    /// <summary>A rule that failed so often in a row without ever being right is tried no more in this block.</summary>
    private const int Patience = 16;

    private readonly AddressDeriver _deriver = new();
    private readonly bool[] _isRead = new bool[TransactionModel.MaxKeys];
    private readonly bool[] _isWanted = new bool[TransactionModel.MaxKeys];
    private readonly int[] _failures = new int[AddressRules.All.Count];

    /// <summary>By position of the key; only where <see cref="IsDerived"/>.</summary>
    public readonly DerivedKey[] Found = new DerivedKey[TransactionModel.MaxKeys];

    /// <summary>By position of the key.</summary>
    public readonly bool[] IsDerived = new bool[TransactionModel.MaxKeys];

    public void Clear() => Array.Clear(_failures);

    public void Find(TransactionModel model)
    {
        Array.Clear(IsDerived);
        Array.Clear(_isRead);
        Array.Clear(_isWanted);
        _isRead[0] = true; // the payer is coded before anything else
        var count = model.Keys.Count;
        for (var i = 1; i < count; i++)
        {
            _isWanted[i] = state.Keys.Find(in model.Keys[i]) < 0;
        }

        // A table is written where lookups are, before anything is derived.
        foreach (ref readonly var lookup in model.Lookups.Written)
        {
            Read(model, Pubkey.AsSpan(in lookup.Table));
        }

        FindSeeded(model);
        FindByRules(model);
        for (var i = 1; i < count; i++)
        {
            ref readonly var token = ref model.Tokens[i];
            if (_isWanted[i] && !IsDerived[i] && !_isRead[i] && (token.IsBefore || token.IsAfter))
            {
                IsDerived[i] = TryTokenAccount(model, i);
            }
        }
    }

    private void FindSeeded(TransactionModel model)
    {
        for (var step = 0; step < model.Steps.Count; step++)
        {
            ref readonly var of = ref model.Steps[step];
            if (of.AccountsCount >= 2 && SeededAccount.TryRead(model.Data(in of), out _))
            {
                int position = model.Accounts(in of)[1];
                if (_isWanted[position] && !_isRead[position])
                {
                    IsDerived[position] |= TrySeeded(model, position);
                }
            }
        }
    }

    private bool TryTokenAccount(TransactionModel model, int position)
    {
        _deriver.BeginTokenAccount(in model.Tokens[position]);
        for (var attempt = 0; attempt < AddressRule.MostTries; attempt++)
        {
            if (_deriver.TokenAccountAt(attempt) == model.Keys[position])
            {
                Found[position] = new DerivedKey { Kind = DerivedKey.OfTokenBalance, Try = attempt };
                return true;
            }
        }

        return false;
    }

    private bool TrySeeded(TransactionModel model, int position)
    {
        var step = AddressDeriver.SeededStepOf(model, position);
        if (step < 0 || !SeededAccount.TryRead(model.Data(in model.Steps[step]), out var account)
            || NamesDerived(model, account.Base) || NamesDerived(model, account.Owner))
        {
            return false;
        }

        Span<byte> key = stackalloc byte[Pubkey.Size];
        account.Derive(key);
        if (!key.SequenceEqual(Pubkey.AsSpan(in model.Keys[position])))
        {
            return false;
        }

        Read(model, account.Base);
        Read(model, account.Owner);
        Found[position] = new DerivedKey { Kind = DerivedKey.WithSeed };
        return true;
    }

    // Only rules of the programs that a transaction calls, and only where they would derive a new key.
    private void FindByRules(TransactionModel model)
    {
        for (var step = 0; step < model.Steps.Count; step++)
        {
            ref readonly var of = ref model.Steps[step];
            if (AddressDeriver.CallsItself(model, step))
            {
                TryOn(model, step, AddressRules.OfItself);
                continue;
            }

            if (!AddressRules.ByProgram.TryGetValue(model.Keys[of.Program], out var rules))
            {
                continue;
            }

            foreach (var id in rules)
            {
                TryOn(model, step, id);
            }
        }
    }

    private void TryOn(TransactionModel model, int step, int id)
    {
        ref readonly var of = ref model.Steps[step];
        var rule = AddressRules.All[id];
        if (of.AccountsCount >= rule.LeastAccounts && _failures[id] < Patience)
        {
            int position = model.Accounts(in of)[rule.Target];
            if (_isWanted[position] && !IsDerived[position] && !_isRead[position] && AddressDeriver.StepOf(rule, model, position) == step)
            {
                IsDerived[position] = TryRule(rule, id, model, step, position);
            }
        }
    }

    private bool TryRule(AddressRule rule, int id, TransactionModel model, int step, int position)
    {
        if (ReadsDerived(rule, model, step, position) || !_deriver.BeginRule(rule, model, step, position))
        {
            return false;
        }

        for (var attempt = 0; attempt < AddressRule.MostTries; attempt++)
        {
            if (_deriver.RuleAt(rule, model, step, attempt) == model.Keys[position])
            {
                _failures[id] = int.MinValue;
                MarkRead(rule, model, step, position);
                Found[position] = new DerivedKey { Kind = DerivedKey.FirstRule + id, Try = attempt };
                return true;
            }
        }

        _failures[id]++;
        return false;
    }

    private bool ReadsDerived(AddressRule rule, TransactionModel model, int step, int position)
    {
        ref readonly var of = ref model.Steps[step];
        var accounts = model.Accounts(in of);
        foreach (var seed in rule.Seeds)
        {
            if ((seed.Kind == SeedKind.Account && (IsDerived[accounts[seed.Account]] || accounts[seed.Account] == position))
                || (seed.Kind == SeedKind.MintOfTarget && NamesDerived(model, Pubkey.AsSpan(in model.Tokens[position].Mint))))
            {
                return true;
            }
        }

        return IsDerived[of.Program] || (rule.DerivingAccount >= 0 && IsDerived[accounts[rule.DerivingAccount]]);
    }

    private void MarkRead(AddressRule rule, TransactionModel model, int step, int position)
    {
        ref readonly var of = ref model.Steps[step];
        var accounts = model.Accounts(in of);
        foreach (var seed in rule.Seeds)
        {
            if (seed.Kind == SeedKind.Account)
            {
                _isRead[accounts[seed.Account]] = true;
            }
            else if (seed.Kind == SeedKind.MintOfTarget)
            {
                Read(model, Pubkey.AsSpan(in model.Tokens[position].Mint));
            }
        }

        _isRead[of.Program] = true;
        if (rule.DerivingAccount >= 0)
        {
            _isRead[accounts[rule.DerivingAccount]] = true;
        }
    }

    private bool NamesDerived(TransactionModel model, ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < model.Keys.Count; i++)
        {
            if (IsDerived[i] && Pubkey.AsSpan(in model.Keys[i]).SequenceEqual(key))
            {
                return true;
            }
        }

        return false;
    }

    private void Read(TransactionModel model, ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < model.Keys.Count; i++)
        {
            _isRead[i] |= Pubkey.AsSpan(in model.Keys[i]).SequenceEqual(key);
        }
    }
}
