using System.Buffers.Binary;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Internal;

/// <summary>Token accounts and all movements of tokens and lamports of one transaction; the memory is kept from one transaction to the next.</summary>
/// <remarks>Instruction layouts: <c>TokenInstruction</c> of SPL Token and of Token-2022 (u8 variant, then fields).</remarks>
internal sealed class TokenLedger
{
    private const byte InitializeAccount = 1;
    private const byte Transfer = 3;
    private const byte MintTo = 7;
    private const byte Burn = 8;
    private const byte TransferChecked = 12;
    private const byte MintToChecked = 14;
    private const byte BurnChecked = 15;
    private const byte InitializeAccount2 = 16;
    private const byte InitializeAccount3 = 18;
    private const byte TransferFeeExtension = 26;
    private const byte TransferCheckedWithFee = 1;

    private readonly TokenAccount[] _accounts = new TokenAccount[WireTransaction.MaxKeys];
    private readonly GrowList<TokenTransfer> _transfers = new(64);
    private readonly KeyTextCache _keys = new();
    private readonly int[] _firstOfStep = new int[Execution.MaxSteps + 1];

    private int _keyCount;

    public ReadOnlySpan<TokenAccount> Accounts => _accounts;

    public ReadOnlySpan<TokenTransfer> Transfers => _transfers.Items;

    /// <summary>Whether tokens moved, not just lamports.</summary>
    public bool HasTokens { get; private set; }

    /// <summary>The movements of some steps.</summary>
    /// <param name="step">The first step.</param>
    /// <param name="end">Behind the last.</param>
    public ReadOnlySpan<TokenTransfer> TransfersOf(int step, int end) => Transfers[_firstOfStep[step].._firstOfStep[end]];

    /// <summary>Reads all movements.</summary>
    public void Load(Execution execution, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, in StatusMeta status)
    {
        _transfers.Clear();
        _keyCount = execution.KeyCount;
        _accounts.AsSpan(0, _keyCount).Clear();
        HasTokens = execution.Called(ProgramKind.Token);
        if (HasTokens)
        {
            LoadAccounts(execution.KeyCount, in status);
        }

        var view = new ExecutionView(wire, meta, status, execution, ledger: null);
        for (var i = 0; i < view.Steps.Length; i++)
        {
            _firstOfStep[i] = _transfers.Count;
            if (view.Steps[i].Kind == ProgramKind.Token)
            {
                Read(in view, i);
            }
            else if (view.Steps[i].Kind == ProgramKind.System)
            {
                ReadLamports(in view, i);
            }
        }

        _firstOfStep[view.Steps.Length] = _transfers.Count;
        if (HasTokens)
        {
            LearnFromTransfers();
        }
    }

    private void LoadAccounts(int keys, in StatusMeta status)
    {
        var before = status.PreTokenBalances;
        while (before.MoveNext(out var balance))
        {
            if (balance.AccountIndex < keys)
            {
                Learn(balance.AccountIndex, _keys.Get(balance.Mint), _keys.Get(balance.Owner), balance.Decimals);
                _accounts[balance.AccountIndex].AmountBefore = balance.Amount;
            }
        }

        var after = status.PostTokenBalances;
        while (after.MoveNext(out var balance))
        {
            if (balance.AccountIndex < keys && !_accounts[balance.AccountIndex].IsKnown)
            {
                Learn(balance.AccountIndex, _keys.Get(balance.Mint), _keys.Get(balance.Owner), balance.Decimals);
            }
        }
    }

    private void Read(in ExecutionView view, int index)
    {
        ref readonly var step = ref view.Steps[index];
        var accounts = view.Accounts(in step);
        var data = view.Data(in step);
        switch (data.IsEmpty ? byte.MaxValue : data[0])
        {
            case InitializeAccount when accounts.Length >= 3:
                Open(accounts[0], view.Keys[accounts[1]], view.Keys[accounts[2]]);
                break;
            case InitializeAccount2 or InitializeAccount3 when accounts.Length >= 2 && data.Length >= 1 + Pubkey.Size:
                Open(accounts[0], view.Keys[accounts[1]], new Pubkey(data.Slice(1, Pubkey.Size)));
                break;
            case Transfer when accounts.Length >= 3 && data.Length >= 9:
                Add(index, MovementKind.Token, accounts[0], accounts[1], accounts[2], BinaryPrimitives.ReadUInt64LittleEndian(data[1..]), 0);
                break;
            case TransferChecked when accounts.Length >= 4 && data.Length >= 10:
                Check(in view, accounts, data[9]);
                Add(index, MovementKind.Token, accounts[0], accounts[2], accounts[3], BinaryPrimitives.ReadUInt64LittleEndian(data[1..]), 0);
                break;
            case TransferFeeExtension when accounts.Length >= 4 && data.Length >= 19 && data[1] == TransferCheckedWithFee:
                Check(in view, accounts, data[10]);
                Add(index, MovementKind.Token, accounts[0], accounts[2], accounts[3], BinaryPrimitives.ReadUInt64LittleEndian(data[2..]), BinaryPrimitives.ReadUInt64LittleEndian(data[11..]));
                break;
            case MintTo or MintToChecked when accounts.Length >= 3 && data.Length >= 9:
                LearnMint(accounts[1], view.Keys[accounts[0]], data[0] == MintToChecked && data.Length >= 10 ? data[9] : DecimalsOf(view.Keys[accounts[0]]));
                Add(index, MovementKind.Mint, accounts[0], accounts[1], accounts[2], BinaryPrimitives.ReadUInt64LittleEndian(data[1..]), 0);
                break;
            case Burn or BurnChecked when accounts.Length >= 3 && data.Length >= 9:
                LearnMint(accounts[0], view.Keys[accounts[1]], data[0] == BurnChecked && data.Length >= 10 ? data[9] : DecimalsOf(view.Keys[accounts[1]]));
                Add(index, MovementKind.Burn, accounts[0], accounts[1], accounts[2], BinaryPrimitives.ReadUInt64LittleEndian(data[1..]), 0);
                break;
        }
    }

    private void ReadLamports(in ExecutionView view, int index)
    {
        ref readonly var step = ref view.Steps[index];
        if (SystemInstruction.TryTransfer(view.Accounts(in step), view.Data(in step), out var from, out var to, out var lamports))
        {
            Add(index, MovementKind.Lamports, from, to, from, lamports, 0);
        }
    }

    // An account that is opened and closed within the transaction is in neither list of balances.
    private void Open(byte account, Pubkey mint, Pubkey owner)
    {
        if (!_accounts[account].IsKnown)
        {
            Learn(account, mint, owner, DecimalsOf(mint));
        }
    }

    private void Check(in ExecutionView view, ReadOnlySpan<byte> accounts, byte decimals)
    {
        var mint = view.Keys[accounts[1]];
        LearnMint(accounts[0], mint, decimals);
        LearnMint(accounts[2], mint, decimals);
    }

    private void Add(int step, MovementKind kind, byte source, byte destination, byte authority, ulong amount, ulong fee)
    {
        if (amount == 0)
        {
            return;
        }

        ref var transfer = ref _transfers.Add();
        transfer.Step = step;
        transfer.Kind = kind;
        transfer.Source = source;
        transfer.Destination = destination;
        transfer.Authority = authority;
        transfer.Sent = amount;
        transfer.Received = amount - Math.Min(fee, amount);
    }

    // Both ends of a transfer hold the same mint; this reaches accounts that were opened by an instruction that is not recorded.
    private void LearnFromTransfers()
    {
        foreach (ref readonly var transfer in Transfers)
        {
            if (transfer.Kind != MovementKind.Token)
            {
                continue;
            }

            ref var source = ref _accounts[transfer.Source];
            ref var destination = ref _accounts[transfer.Destination];
            if (source.IsKnown && !destination.IsKnown)
            {
                LearnMint(transfer.Destination, source.Mint, source.Decimals);
            }
            else if (destination.IsKnown && !source.IsKnown)
            {
                LearnMint(transfer.Source, destination.Mint, destination.Decimals);
            }
        }
    }

    private void LearnMint(byte account, in Pubkey mint, byte decimals)
    {
        if (!_accounts[account].IsKnown)
        {
            Learn(account, mint, default, decimals);
        }
        else if (_accounts[account].Mint == mint)
        {
            _accounts[account].Decimals = decimals;
        }
    }

    private void Learn(byte account, in Pubkey mint, in Pubkey owner, byte decimals)
    {
        ref var entry = ref _accounts[account];
        entry.Mint = mint;
        entry.Owner = owner;
        entry.Decimals = decimals;
        entry.IsKnown = true;
    }

    private byte DecimalsOf(in Pubkey mint)
    {
        foreach (ref readonly var account in _accounts.AsSpan(0, _keyCount))
        {
            if (account.IsKnown && account.Mint == mint)
            {
                return account.Decimals;
            }
        }

        return mint == KnownMints.WrappedSol ? KnownMints.WrappedSolDecimals : (byte)0;
    }
}
