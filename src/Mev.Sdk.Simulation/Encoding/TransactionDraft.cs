using System.Runtime.InteropServices;
using Mev.Sdk.Simulation.State;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Simulation.Encoding;

/// <summary>A transaction in the making: accounts in order of first mention, instructions over them, balances before and after.</summary>
/// <remarks>Reused from one transaction to the next. The first account pays and is the only signer.</remarks>
internal sealed class TransactionDraft(MarketState state)
{
    private readonly List<DraftAccount> _accounts = [];
    private readonly List<DraftInstruction> _outer = [];
    private readonly List<DraftInstruction> _inner = [];
    private readonly List<byte> _accountIds = [];
    private readonly List<byte> _data = [];
    private readonly byte[] _mapped = new byte[256];
    private readonly byte[] _order = new byte[256];

    public int AccountCount => _accounts.Count;

    public ReadOnlySpan<DraftInstruction> Inner => CollectionsMarshal.AsSpan(_inner);

    public int InstructionCount => _outer.Count;

    /// <summary>Static keys; those behind them come from the lookup table.</summary>
    public int StaticCount { get; private set; }

    public void Clear()
    {
        _accounts.Clear();
        _outer.Clear();
        _inner.Clear();
        _accountIds.Clear();
        _data.Clear();
    }

    public byte Wallet(int wallet) =>
        Mention(new DraftAccount { Key = state.Addresses.Wallet(wallet), Kind = AccountKind.Wallet, Owner = wallet, TableIndex = -1 }, writable: true);

    public byte TokenAccount(int wallet, int mint) =>
        Mention(new DraftAccount { Key = state.Addresses.TokenAccount(wallet, mint), Kind = AccountKind.TokenAccount, Owner = wallet, Mint = mint, TableIndex = -1 }, writable: true);

    public byte Constant(in Pubkey key, bool writable = false) =>
        Mention(new DraftAccount { Key = key, TableIndex = -1 }, writable);

    /// <summary>One of a pool's accounts, see <see cref="Pool.Accounts"/>.</summary>
    public byte PoolAccount(Pool pool, int position, bool writable) => Mention(
        new DraftAccount
        {
            Key = pool.Accounts[position],
            Kind = position is Pool.SolVaultAt or Pool.TokenVaultAt ? AccountKind.Vault : AccountKind.Constant,
            Owner = pool.Index,
            Mint = position == Pool.TokenVaultAt ? pool.Token.MintIndex : 0,
            TableIndex = (short)(pool.TableOffset + position),
        },
        writable);

    /// <summary>Adds an outer instruction.</summary>
    /// <returns>Its index.</returns>
    public int Instruction(in Pubkey program, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data)
    {
        _outer.Add(Store(Constant(in program), accounts, data, outer: -1));
        return _outer.Count - 1;
    }

    /// <summary>Adds an inner instruction.</summary>
    public void InnerInstruction(int outer, in Pubkey program, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data) =>
        _inner.Add(Store(Constant(in program), accounts, data, outer));

    /// <summary>Notes all balances as they are before the transaction.</summary>
    public void NoteBalances()
    {
        foreach (ref var account in CollectionsMarshal.AsSpan(_accounts))
        {
            account.TokensBefore = TokensOf(in account);
            account.LamportsBefore = LamportsOf(in account);
        }
    }

    /// <summary>The account at an index of the finished transaction.</summary>
    public ref readonly DraftAccount At(int finalIndex) => ref CollectionsMarshal.AsSpan(_accounts)[_order[finalIndex]];

    /// <summary>What the account holds now, base units of its mint.</summary>
    public ulong TokensOf(in DraftAccount account) => account.Kind switch
    {
        AccountKind.TokenAccount => state.Ledger.Tokens(account.Owner, account.Mint),
        AccountKind.Vault => account.Mint == 0 ? state.Pools[account.Owner].ReserveSol : state.Pools[account.Owner].ReserveToken,
        _ => 0,
    };

    /// <summary>What the account holds now, lamports: a token account holds its rent, and of wrapped SOL the amount besides.</summary>
    public ulong LamportsOf(in DraftAccount account) => account.Kind switch
    {
        AccountKind.Wallet => state.Ledger.Lamports(account.Owner),
        AccountKind.Constant => 1_141_440,
        _ => 2_039_280 + (account.Mint == 0 ? TokensOf(in account) : 0),
    };

    /// <summary>The final indices of an instruction's accounts; valid until the next call.</summary>
    public ReadOnlySpan<byte> AccountsOf(in DraftInstruction instruction)
    {
        for (var i = 0; i < instruction.AccountCount; i++)
        {
            _mapped[i] = _accounts[_accountIds[instruction.FirstAccount + i]].FinalIndex;
        }

        return _mapped.AsSpan(0, instruction.AccountCount);
    }

    public ReadOnlySpan<byte> DataOf(in DraftInstruction instruction) =>
        CollectionsMarshal.AsSpan(_data).Slice(instruction.FirstByte, instruction.ByteCount);

    public byte ProgramOf(in DraftInstruction instruction) => _accounts[instruction.Program].FinalIndex;

    /// <summary>Orders the accounts as a message must have them, and fills the builder.</summary>
    /// <param name="builder">A cleared builder.</param>
    /// <param name="signature">The payer's signature.</param>
    /// <param name="table">The lookup table to use, or null for static keys only.</param>
    public void Build(TransactionBuilder builder, in Signature signature, Pubkey? table)
    {
        Finish(table is not null, out var readonlyStatic);
        builder.AddSignature(in signature).SetHeader(1, 0, (byte)readonlyStatic).SetRecentBlockhash(state.RecentBlockhash);
        Span<byte> writable = stackalloc byte[256];
        Span<byte> @readonly = stackalloc byte[256];
        var writableCount = 0;
        var readonlyCount = 0;
        for (var index = 0; index < AccountCount; index++)
        {
            ref readonly var account = ref At(index);
            if (index < StaticCount)
            {
                builder.AddKey(in account.Key);
            }
            else if (account.Writable)
            {
                writable[writableCount++] = (byte)account.TableIndex;
            }
            else
            {
                @readonly[readonlyCount++] = (byte)account.TableIndex;
            }
        }

        foreach (ref readonly var instruction in CollectionsMarshal.AsSpan(_outer))
        {
            builder.AddInstruction(ProgramOf(in instruction), AccountsOf(in instruction), DataOf(in instruction));
        }

        if (table is { } key)
        {
            builder.AddLookup(in key, writable[..writableCount], @readonly[..readonlyCount]);
        }
    }

    private byte Mention(in DraftAccount account, bool writable)
    {
        var accounts = CollectionsMarshal.AsSpan(_accounts);
        for (var i = 0; i < accounts.Length; i++)
        {
            if (accounts[i].Key == account.Key)
            {
                accounts[i].Writable |= writable;
                return (byte)i;
            }
        }

        _accounts.Add(account with { Writable = writable });
        return (byte)(_accounts.Count - 1);
    }

    private DraftInstruction Store(byte program, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, int outer)
    {
        var instruction = new DraftInstruction(program, _accountIds.Count, accounts.Length, _data.Count, data.Length, outer);
        _accountIds.AddRange(accounts);
        _data.AddRange(data);
        return instruction;
    }

    // Order of a message: payer, writable, readonly, then what lookups load: writable, readonly. Ids in instructions follow by FinalIndex.
    private void Finish(bool lookups, out int readonlyStatic)
    {
        Span<int> counts = stackalloc int[4];
        counts.Clear();
        var accounts = CollectionsMarshal.AsSpan(_accounts);
        foreach (ref readonly var account in accounts)
        {
            counts[Class(in account, lookups)]++;
        }

        readonlyStatic = counts[1];
        StaticCount = counts[0] + counts[1];
        Span<int> next = [0, counts[0], StaticCount, StaticCount + counts[2]];
        for (var id = 0; id < accounts.Length; id++)
        {
            accounts[id].FinalIndex = (byte)next[Class(in accounts[id], lookups)]++;
            _order[accounts[id].FinalIndex] = (byte)id;
        }
    }

    private static int Class(in DraftAccount account, bool lookups) =>
        (lookups && account.TableIndex >= 0 ? 2 : 0) + (account.Writable ? 0 : 1);
}
