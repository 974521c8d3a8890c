using System.Buffers.Binary;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Internal;

/// <summary>Token accounts and token transfers of one transaction; the memory is kept from one transaction to the next.</summary>
/// <remarks>Instruction layouts: <c>TokenInstruction</c> of SPL Token and of Token-2022 (u8 variant, then fields).</remarks>
internal sealed class TokenLedger
{
    private const byte InitializeAccount = 1;
    private const byte Transfer = 3;
    private const byte TransferChecked = 12;
    private const byte InitializeAccount2 = 16;
    private const byte InitializeAccount3 = 18;
    private const byte TransferFeeExtension = 26;
    private const byte TransferCheckedWithFee = 1;

    private readonly TokenAccount[] _accounts = new TokenAccount[WireTransaction.MaxKeys];
    private TokenTransfer[] _transfers = new TokenTransfer[32];
    private int _transferCount;

    public ReadOnlySpan<TokenAccount> Accounts => _accounts;

    public ReadOnlySpan<TokenTransfer> Transfers => _transfers.AsSpan(0, _transferCount);

    /// <summary>Reads all token movements.</summary>
    /// <returns>False when there are none: then there is no swap either, and the accounts were not read.</returns>
    public bool TryLoad(Execution execution, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, in StatusMeta status)
    {
        _transferCount = 0;
        var moves = false;
        foreach (ref readonly var step in execution.Steps)
        {
            moves |= step.Kind == ProgramKind.Token;
        }

        if (!moves)
        {
            return false;
        }

        var keys = execution.KeyCount;
        _accounts.AsSpan(0, keys).Clear();
        foreach (var balance in status.PreTokenBalances)
        {
            if (balance.AccountIndex < keys)
            {
                Learn(balance.AccountIndex, balance.Mint, balance.Owner, balance.Decimals);
                _accounts[balance.AccountIndex].AmountBefore = balance.Amount;
            }
        }

        foreach (var balance in status.PostTokenBalances)
        {
            if (balance.AccountIndex < keys && !_accounts[balance.AccountIndex].IsKnown)
            {
                Learn(balance.AccountIndex, balance.Mint, balance.Owner, balance.Decimals);
            }
        }

        var view = new ExecutionView(wire, meta, status, execution.Steps, execution.Keys, default, default);
        for (var i = 0; i < view.Steps.Length; i++)
        {
            if (view.Steps[i].Kind == ProgramKind.Token)
            {
                Read(in view, i);
            }
        }

        LearnFromTransfers();
        return _transferCount > 0;
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
                Add(index, accounts[0], accounts[1], accounts[2], BinaryPrimitives.ReadUInt64LittleEndian(data[1..]), 0);
                break;
            case TransferChecked when accounts.Length >= 4 && data.Length >= 10:
                Check(in view, accounts, data[9]);
                Add(index, accounts[0], accounts[2], accounts[3], BinaryPrimitives.ReadUInt64LittleEndian(data[1..]), 0);
                break;
            case TransferFeeExtension when accounts.Length >= 4 && data.Length >= 19 && data[1] == TransferCheckedWithFee:
                Check(in view, accounts, data[10]);
                Add(index, accounts[0], accounts[2], accounts[3], BinaryPrimitives.ReadUInt64LittleEndian(data[2..]), BinaryPrimitives.ReadUInt64LittleEndian(data[11..]));
                break;
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

    private void Add(int step, byte source, byte destination, byte authority, ulong amount, ulong fee)
    {
        if (amount == 0)
        {
            return;
        }

        if (_transferCount == _transfers.Length)
        {
            Array.Resize(ref _transfers, 2 * _transferCount);
        }

        _transfers[_transferCount++] = new TokenTransfer
        {
            Step = step,
            Source = source,
            Destination = destination,
            Authority = authority,
            Sent = amount,
            Received = amount - Math.Min(fee, amount),
        };
    }

    // Both ends of a transfer hold the same mint; this reaches accounts that were opened by an instruction that is not recorded.
    private void LearnFromTransfers()
    {
        foreach (ref readonly var transfer in Transfers)
        {
            ref var source = ref _accounts[transfer.Source];
            ref var destination = ref _accounts[transfer.Destination];
            if (source.IsKnown)
            {
                LearnMint(transfer.Destination, source.Mint, source.Decimals);
            }
            else if (destination.IsKnown)
            {
                LearnMint(transfer.Source, destination.Mint, destination.Decimals);
            }
        }
    }

    private void LearnMint(byte account, Pubkey mint, byte decimals)
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

    private void Learn(byte account, Pubkey mint, Pubkey owner, byte decimals) =>
        _accounts[account] = new TokenAccount { Mint = mint, Owner = owner, Decimals = decimals, IsKnown = true };

    private byte DecimalsOf(Pubkey mint)
    {
        foreach (ref readonly var account in _accounts.AsSpan())
        {
            if (account.IsKnown && account.Mint == mint)
            {
                return account.Decimals;
            }
        }

        return mint == Addresses.KnownMints.WrappedSol ? Addresses.KnownMints.WrappedSolDecimals : (byte)0;
    }
}
