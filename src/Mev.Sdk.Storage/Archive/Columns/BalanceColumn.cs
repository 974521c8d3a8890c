using System.Buffers.Binary;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Lamports before and after: before is what the last transaction left, after follows from fee and transfers, and nothing is lost on the way.</summary>
internal sealed class BalanceColumn(BlockState state)
{
    /// <summary>What a token account of 165 bytes needs to be exempt from rent.</summary>
    private const ulong TokenAccountRent = 2_039_280;

    /// <summary>Lamports a byte that exempt an account from rent, which counts 128 bytes more than it holds.</summary>
    private const ulong RentPerByte = 6960;
    private const ulong RentOverhead = 128;
    private const ulong MostRentBytes = 20_000_000;

    private readonly long[] _changes = new long[TransactionModel.MaxKeys];
    private readonly bool[] _closed = new bool[TransactionModel.MaxKeys];
    private readonly bool[] _isWrapped = new bool[TransactionModel.MaxKeys];
    private readonly bool[] _missed = new bool[TransactionModel.MaxKeys];
    private readonly ulong[] _expected = new ulong[TransactionModel.MaxKeys];

    public void Code()
    {
        var (model, history, count) = (state.Model, state.History, state.KeyCount);
        while (state.IsDecoding && model.Before.Count < count)
        {
            model.Before.Add();
            model.After.Add();
        }

        Array.Clear(_changes);
        Array.Clear(_closed);
        var start = history.Length;
        CodeBefore(count);
        Simulate();
        CodeAfter(count);
        for (var i = 0; i < count; i++)
        {
            history.Add(model.After[i]);
            ref var row = ref state.Keys.Change(state.Ids[i]);
            (row.Lamports, row.HasLamports) = (model.After[i], true);
        }

        history.Sections.Set(HistorySections.Balances, start, history.Length);
    }

    private void CodeBefore(int count)
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.BalancesBefore;

        // Mostly every balance that is known is what the last transaction left: said once.
        var areKnown = true;
        for (var i = 0; i < count && !coder.IsDecoding; i++)
        {
            ref readonly var row = ref state.Keys[state.Ids[i]];
            areKnown &= !row.HasLamports || model.Before[i] == row.Lamports;
        }

        areKnown = coder.Flag(FlagFamily.Balances, 0, areKnown);
        for (var i = 0; i < count; i++)
        {
            ref readonly var row = ref state.Keys[state.Ids[i]];
            ref readonly var token = ref model.Tokens[i];
            var isToken = token.IsBefore || token.IsAfter;
            _isWrapped[i] = isToken && row.Mint == WellKnownKeys.WrappedSol;
            var value = model.Before[i];
            if (row.HasLamports && (areKnown || coder.Flag(150, value == row.Lamports)))
            {
                value = row.Lamports;
            }
            else
            {
                var guess = token.IsBefore ? TokenAccountRent + (_isWrapped[i] ? token.Before : 0) : 0;
                var kind = (uint)((isToken ? 1 : 0) + (_isWrapped[i] ? 2 : 0) + (token.IsBefore ? 4 : 0) + (row.HasLamports ? 8 : 0));
                value = Any(Context.Of(kind, model.ClassOf(i)), kind & 7, value, guess);
            }

            model.Before[i] = value;
            state.History.Add(value);
        }
    }

    private ulong Any(uint context, uint kind, ulong value, ulong guess)
    {
        var coder = state.Coder;
        if (coder.Flag(Context.Of(context, 151), value == guess))
        {
            return guess;
        }

        var bytes = value / RentPerByte;
        var isRent = value % RentPerByte == 0 && bytes >= RentOverhead && bytes < MostRentBytes;
        return coder.Flag(Context.Of(context, 152), isRent)
            ? (coder.Number(153, bytes - RentOverhead, 12) + RentOverhead) * RentPerByte
            : coder.Number(Context.Of(154, kind), value);
    }

    private void CodeAfter(int count)
    {
        var (coder, model) = (state.Coder, state.Model);
        coder.Stream = StreamKind.BalancesAfter;
        var missing = -(long)model.Fee;
        var lastMissed = -1;
        for (var i = 0; i < count; i++)
        {
            ref readonly var token = ref model.Tokens[i];
            var before = model.Before[i];
            var expected = before + (ulong)_changes[i];
            if (_isWrapped[i] && !_closed[i] && token.IsAfter)
            {
                expected = token.IsBefore ? before + token.After - token.Before : token.After + TokenAccountRent;
            }

            var kind = (uint)((_changes[i] != 0 ? 1 : 0) + (model.HasError ? 2 : 0) + (_isWrapped[i] ? 4 : 0) + (before == 0 ? 8 : 0));
            var isToken = state.Keys[state.Ids[i]].Mint >= 0 ? 1u : 0;
            _missed[i] = !coder.Flag(Context.Of(160, kind, model.ClassOf(i), isToken), model.After[i] == expected);
            lastMissed = _missed[i] ? i : lastMissed;
            _expected[i] = expected;
            missing += (long)(before - expected);
            if (!_missed[i])
            {
                model.After[i] = expected;
            }
        }

        // Lamports only move, but for the fee: what the others leave is what the last one got.
        for (var i = 0; i <= lastMissed; i++)
        {
            if (!_missed[i])
            {
                continue;
            }

            var more = (long)(model.After[i] - _expected[i]);
            if (i == lastMissed && coder.Flag(161, more == missing))
            {
                more = missing;
            }
            else if (coder.Flag(Context.Of(162, _expected[i] == 0 ? 1u : 0), model.After[i] == 0))
            {
                more = -(long)_expected[i];
            }
            else
            {
                more = coder.Signed(Context.Of(163, model.ClassOf(i)), more);
            }

            model.After[i] = _expected[i] + (ulong)more;
            missing -= more;
        }
    }

    private void Simulate()
    {
        var model = state.Model;
        _changes[0] -= (long)model.Fee;
        if (model.HasError)
        {
            return;
        }

        foreach (ref readonly var step in model.Steps.Written)
        {
            var program = state.Ids[step.Program];
            var accounts = model.Accounts(in step);
            if (program == WellKnownKeys.System)
            {
                SimulateSystem(model.Data(in step), accounts);
            }
            else if (program is WellKnownKeys.Token or WellKnownKeys.Token2022
                && step.DataLength > 0 && model.Data(in step)[0] == TokenInstructions.CloseAccount
                && accounts.Length >= 2 && accounts[0] != accounts[1])
            {
                SimulateClose(accounts[0], accounts[1]);
            }
        }
    }

    // Instructions of the system program, by their little-endian tag of 4 bytes. Source: SystemInstruction of the Solana SDK.
    private void SimulateSystem(ReadOnlySpan<byte> data, ReadOnlySpan<byte> accounts)
    {
        const int CreateAccount = 0, Transfer = 2, CreateAccountWithSeed = 3, TransferWithSeed = 11;
        if (data.Length < 12 || accounts.Length < 2)
        {
            return;
        }

        var lamports = BinaryPrimitives.ReadInt64LittleEndian(data[4..]);
        switch (BinaryPrimitives.ReadInt32LittleEndian(data))
        {
            case CreateAccount or Transfer:
                Move(accounts[0], accounts[1], lamports);
                break;
            case TransferWithSeed when accounts.Length >= 3:
                Move(accounts[0], accounts[2], lamports);
                break;
            case CreateAccountWithSeed when SeededAccount.TryRead(data, out var seeded):
                Move(accounts[0], accounts[1], seeded.Lamports);
                break;
        }
    }

    private void SimulateClose(int account, int destination)
    {
        var model = state.Model;
        var lamports = (long)model.Before[account] + _changes[account];
        if (_isWrapped[account])
        {
            foreach (ref readonly var step in model.Steps.Written)
            {
                var data = model.Data(in step);
                var accounts = model.Accounts(in step);
                if (state.Ids[step.Program] == WellKnownKeys.Token && data.Length >= 9)
                {
                    var amount = BinaryPrimitives.ReadInt64LittleEndian(data[1..]);
                    var to = data[0] == TokenInstructions.Transfer && accounts.Length >= 2 ? 1 : data[0] == TokenInstructions.TransferChecked && accounts.Length >= 3 ? 2 : 0;
                    lamports -= to > 0 && accounts[0] == account ? amount : 0;
                    lamports += to > 0 && accounts[to] == account ? amount : 0;
                }
            }
        }

        _changes[destination] += lamports;
        _changes[account] = -(long)model.Before[account];
        _closed[account] = true;
    }

    private void Move(int from, int to, long lamports)
    {
        _changes[from] -= lamports;
        _changes[to] += lamports;
    }
}
