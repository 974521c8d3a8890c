using System.Buffers.Binary;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;

namespace Mev.Sdk.Storage.Archive.Columns;

/// <summary>Token balances: which accounts have them is mostly known, whose they are too, and what they are afterwards follows from the transfers.</summary>
internal sealed class TokenColumn(BlockState state, KeyColumn keys)
{
    private readonly GuessTable _mints = new();
    private readonly long[] _changes = new long[TransactionModel.MaxKeys];
    private readonly bool[] _closed = new bool[TransactionModel.MaxKeys];
    private int _lastMint;
    private int _lastOwner;
    private int _lastProgram;

    public void Clear()
    {
        _mints.Clear();
        (_lastMint, _lastProgram) = (0, KeyRow.Unknown);
    }

    public void Copy(StateCopy copy)
    {
        _mints.Copy(copy);
        copy.Value(ref _lastMint);
        copy.Value(ref _lastProgram);
    }

    public void Code()
    {
        var (coder, model, history) = (state.Coder, state.Model, state.History);
        Simulate();
        _lastOwner = KeyRow.Unknown;
        var start = history.Length;
        for (var i = 0; i < state.KeyCount; i++)
        {
            var id = state.Ids[i];
            ref var row = ref state.Keys.Change(id);
            ref var token = ref model.Tokens[i];
            coder.Stream = StreamKind.TokenStructure;
            var pending = row.IsPending ? 1u : 0;
            var moved = ((_changes[i] != 0 ? 1u : 0) * 8) + model.ClassOf(i);
            var isToken = row.Token == TokenKnowledge.Is;
            if (coder.Flag(FlagFamily.Tokens, ((uint)row.Token * 64) + (pending * 32) + (_closed[i] ? 16u : 0) + moved, token.IsBefore == isToken && token.IsAfter == isToken))
            {
                (token.IsBefore, token.IsAfter) = (isToken, isToken);
            }
            else
            {
                // Both as they are was told not to be so.
                token.IsBefore = coder.Flag(Context.Of(120, (uint)row.Token, pending, moved), token.IsBefore);
                token.IsAfter = token.IsBefore == isToken ? !isToken : coder.Flag(Context.Of(121, (uint)row.Token, (pending * 2) + (_closed[i] ? 1u : 0), moved), token.IsAfter);
            }

            if (!token.IsBefore && !token.IsAfter)
            {
                row.HasAmount = false;
                row.Token = row.Mint >= 0 ? TokenKnowledge.Was : TokenKnowledge.Not;
                continue;
            }

            CodeIdentity(ref row, ref token);
            CodeAmounts(id, ref token, _changes[i]);
        }

        history.Sections.Set(HistorySections.Tokens, start, history.Length);
    }

    // A new key may be added meanwhile, which moves the rows: hence ids, and the row again at the end.
    private void CodeIdentity(ref KeyRow row, ref TokenRow token)
    {
        var coder = state.Coder;
        coder.Stream = StreamKind.TokenKeys;
        var id = state.Ids[row.Position];
        var decoding = coder.IsDecoding;
        var (mint, owner, program) = decoding ? (-1, -1, -1) : (state.Keys.Find(in token.Mint), state.Keys.Find(in token.Owner), state.Keys.Find(in token.Program));
        var same = row.Mint >= 0 && coder.Flag(122, row.Mint == mint && row.Owner == owner && row.Program == program && row.Decimals == token.Decimals);
        if (!same)
        {
            ref var guess = ref _mints[Context.Of((uint)_lastMint, 37)];
            mint = Identity(130, mint, in token.Mint, guess.Value, _lastMint);
            guess.Follow(mint);
            _lastMint = mint;
            owner = Identity(131, decoding ? -1 : state.Keys.Find(in token.Owner), in token.Owner, _lastOwner, state.Ids[0]);
            _lastOwner = owner;
            program = Identity(132, decoding ? -1 : state.Keys.Find(in token.Program), in token.Program, _lastProgram, -1);
            _lastProgram = program;
            ref var ofMint = ref state.Keys.Change(mint);
            var decimals = (byte)(ofMint.MintDecimals - 1);
            var isKnown = ofMint.MintDecimals > 0 && coder.Flag(133, token.Decimals == decimals);
            token.Decimals = isKnown ? decimals : coder.Byte(134, token.Decimals);
            ofMint.MintDecimals = (short)(token.Decimals + 1);
            ref var now = ref state.Keys.Change(id);
            (now.Mint, now.Owner, now.Program, now.Decimals, now.HasAmount) = (mint, owner, program, token.Decimals, false);
        }
        else
        {
            (mint, owner, program, token.Decimals) = (row.Mint, row.Owner, row.Program, row.Decimals);
        }

        if (decoding)
        {
            // Derived keys among them get their bytes later; see TransactionCodec.
            (token.Mint, token.Owner, token.Program) = (state.Keys.Bytes(mint), state.Keys.Bytes(owner), state.Keys.Bytes(program));
        }
    }

    private int Identity(uint kind, int id, in Pubkey key, int first, int second)
    {
        var coder = state.Coder;
        if (first >= 0 && coder.Flag(Context.Of(kind, 0), id == first))
        {
            return first;
        }

        if (second >= 0 && second != first && coder.Flag(Context.Of(kind, 1), id == second))
        {
            return second;
        }

        if (coder.Flag(Context.Of(kind, 10), id >= 0 && state.IsInTransaction(id)))
        {
            return state.PositionedKey(Context.Of(kind, 11), id);
        }

        return coder.Flag(Context.Of(kind, 12), id < 0) ? keys.New(in key) : state.KnownKey(Context.Of(kind, 13), id);
    }

    private void CodeAmounts(int id, ref TokenRow token, long change)
    {
        var (coder, history) = (state.Coder, state.History);
        ref var row = ref state.Keys.Change(id);
        coder.Stream = StreamKind.TokenAmounts;
        var kind = WellKnownKeys.Contains(row.Mint) ? (uint)row.Mint : 0;
        if (token.IsBefore)
        {
            var isKnown = row.HasAmount && coder.Flag(140, token.Before == row.Amount);
            token.Before = isKnown ? row.Amount : coder.Number(Context.Of(141, kind), token.Before);
            history.Add(token.Before);
        }

        if (token.IsAfter)
        {
            var expected = token.Before + (ulong)change;
            token.After = coder.Flag(Context.Of(142, change != 0 ? 1u : 0), token.After == expected)
                ? expected
                : token.Before + (ulong)coder.Signed(Context.Of(143, kind), (long)(token.After - token.Before));
            history.Add(token.After);
            row.Amount = token.After;
        }

        (row.HasAmount, row.Token) = (token.IsAfter, token.IsAfter ? TokenKnowledge.Is : TokenKnowledge.Was);
    }

    // Instructions of the SPL token programs, by the first byte of their data.
    private void Simulate()
    {
        var model = state.Model;
        Array.Clear(_changes);
        Array.Clear(_closed);
        if (model.HasError)
        {
            return;
        }

        foreach (ref readonly var step in model.Steps.Written)
        {
            if (state.Ids[step.Program] is not (WellKnownKeys.Token or WellKnownKeys.Token2022) || step.DataLength == 0)
            {
                continue;
            }

            var data = model.Data(in step);
            var accounts = model.Accounts(in step);
            var amount = data.Length >= 9 ? BinaryPrimitives.ReadInt64LittleEndian(data[1..]) : 0;
            switch (data[0])
            {
                case TokenInstructions.Transfer when accounts.Length >= 3:
                    _changes[accounts[0]] -= amount;
                    _changes[accounts[1]] += amount;
                    break;
                case TokenInstructions.TransferChecked when accounts.Length >= 4:
                    _changes[accounts[0]] -= amount;
                    _changes[accounts[2]] += amount;
                    break;
                case TokenInstructions.MintTo or TokenInstructions.MintToChecked when accounts.Length >= 3:
                    _changes[accounts[1]] += amount;
                    break;
                case TokenInstructions.Burn or TokenInstructions.BurnChecked when accounts.Length >= 3:
                    _changes[accounts[0]] -= amount;
                    break;
                case TokenInstructions.CloseAccount when accounts.Length >= 1:
                    _closed[accounts[0]] = true;
                    break;
            }
        }
    }
}
