using System.Buffers.Binary;
using System.Security.Cryptography;
using Mev.Sdk.Storage.Archive.Columns;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Derivation;

/// <summary>Derives keys from the parts of a transaction; the same code finds derivations and repeats them.</summary>
/// <remarks>Source: <c>Pubkey::create_program_address</c> of the Solana SDK: SHA-256 of the seeds, the program and a marker. Whether the result lies off the curve need not be checked: it was compared with the key.</remarks>
internal sealed class AddressDeriver
{
    private const int MaxSeedBytes = 512;
    private static readonly Pubkey AssociatedToken = WellKnownKeys.All[WellKnownKeys.AssociatedToken];
    private static readonly Pubkey SystemProgram = WellKnownKeys.All[WellKnownKeys.System];

    private readonly byte[] _input = new byte[MaxSeedBytes];
    private int _length;

    private static ReadOnlySpan<byte> Marker => "ProgramDerivedAddress"u8;

    /// <summary>The step whose accounts a rule reads to derive a key: the first of its program that names the key at the target.</summary>
    /// <returns>A step, or -1.</returns>
    public static int StepOf(AddressRule rule, TransactionModel model, int position)
    {
        var steps = model.Steps.Written;
        for (var i = 0; i < steps.Length; i++)
        {
            if (rule.Program == SystemProgram)
            {
                if (CallsItself(model, i) && model.Accounts(in steps[i])[0] == position)
                {
                    return i;
                }

                continue;
            }

            if (steps[i].AccountsCount >= rule.LeastAccounts
                && model.Accounts(in steps[i])[rule.Target] == position
                && model.Keys[steps[i].Program] == rule.Program)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether a step is a program's call of itself with one account.</summary>
    public static bool CallsItself(TransactionModel model, int step)
    {
        ref readonly var of = ref model.Steps[step];
        return !of.IsOuter && of.AccountsCount == 1 && of.DataLength > sizeof(ulong) && CallsOf(model, step, of.Program);
    }

    // The caller is not known before the steps are coded; a step of the same program before this one, below the same outer instruction, is.
    private static bool CallsOf(TransactionModel model, int step, int program)
    {
        var outer = model.Steps[step].Outer;
        for (var i = step - 1; i >= 0 && model.Steps[i].Outer == outer; i--)
        {
            if (model.Steps[i].Program == program && model.Steps[i].AccountsCount > 1)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The step that creates a key with a seed, or -1.</summary>
    public static int SeededStepOf(TransactionModel model, int position)
    {
        var steps = model.Steps.Written;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].AccountsCount >= 2 && model.Accounts(in steps[i])[1] == position && model.Keys[steps[i].Program] == SystemProgram
                && SeededAccount.TryRead(model.Data(in steps[i]), out _))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Prepares the derivation of an associated token account from its balance.</summary>
    public void BeginTokenAccount(in TokenRow token)
    {
        _length = 0;
        Append(Pubkey.AsSpan(in token.Owner));
        Append(Pubkey.AsSpan(in token.Program));
        Append(Pubkey.AsSpan(in token.Mint));
    }

    /// <summary>Prepares the derivation by a rule.</summary>
    /// <returns>False when the transaction lacks a part.</returns>
    public bool BeginRule(AddressRule rule, TransactionModel model, int step, int position)
    {
        ref readonly var of = ref model.Steps[step];
        var accounts = model.Accounts(in of);
        _length = 0;
        foreach (var seed in rule.Seeds)
        {
            switch (seed.Kind)
            {
                case SeedKind.Text:
                    Append(seed.Text);
                    break;
                case SeedKind.Account:
                    Append(Pubkey.AsSpan(in model.Keys[accounts[seed.Account]]));
                    break;
                case SeedKind.Program:
                    Append(Pubkey.AsSpan(in model.Keys[of.Program]));
                    break;
                case SeedKind.MintOfTarget:
                    if (!model.Tokens[position].IsBefore && !model.Tokens[position].IsAfter)
                    {
                        return false;
                    }

                    Append(Pubkey.AsSpan(in model.Tokens[position].Mint));
                    break;
            }
        }

        return true;
    }

    /// <summary>The key of an associated token account at one try.</summary>
    public Pubkey TokenAccountAt(int attempt) => At(attempt, countsUp: false, in AssociatedToken);

    /// <summary>The key that a rule gives at one try.</summary>
    public Pubkey RuleAt(AddressRule rule, TransactionModel model, int step, int attempt)
    {
        ref readonly var of = ref model.Steps[step];
        var program = rule.DerivingAccount < 0 ? of.Program : model.Accounts(in of)[rule.DerivingAccount];
        return At(attempt, rule.CountsUp, in model.Keys[program]);
    }

    private Pubkey At(int attempt, bool countsUp, ref readonly Pubkey program)
    {
        var before = _length;
        if (countsUp)
        {
            Span<byte> nonce = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteInt64LittleEndian(nonce, attempt);
            Append(nonce);
        }
        else
        {
            Append([(byte)(byte.MaxValue - attempt)]);
        }

        Append(Pubkey.AsSpan(in program));
        Append(Marker);
        Span<byte> hash = stackalloc byte[Pubkey.Size];
        SHA256.HashData(_input.AsSpan(0, _length), hash);
        _length = before;
        return new Pubkey(hash);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_input.AsSpan(_length));
        _length += bytes.Length;
    }
}
