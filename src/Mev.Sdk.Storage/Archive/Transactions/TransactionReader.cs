using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Storage.Archive.Columns;

namespace Mev.Sdk.Storage.Archive.Transactions;

/// <summary>Takes wire bytes and a status meta apart.</summary>
/// <remarks>
/// It need not understand everything: whoever composes the model again and does not get the same bytes stores them whole. So nothing here is part of the format.
/// </remarks>
internal static class TransactionReader
{
    /// <summary>Fills a model.</summary>
    /// <returns>False when the bytes are no transaction or meta that the model can hold.</returns>
    public static bool TryRead(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta, TransactionModel model)
    {
        model.Clear();
        return WireTransaction.TryParse(wire, out var transaction)
            && transaction.KeyCount is > 0 and <= TransactionModel.MaxKeys
            && StatusMeta.TryParse(meta, out var status)
            && ReadWire(in transaction, model)
            && (meta.IsEmpty || ReadMeta(in status, meta, model))
            && ReadSteps(in transaction, in status, model);
    }

    private static bool ReadWire(in WireTransaction transaction, TransactionModel model)
    {
        model.Format = (int)transaction.Format;
        (model.Required, model.ReadonlySigned, model.ReadonlyUnsigned) = (transaction.RequiredSignatures, transaction.ReadonlySigned, transaction.ReadonlyUnsigned);
        foreach (ref readonly var signature in transaction.Signatures)
        {
            model.Signatures.Add(signature);
        }

        foreach (ref readonly var key in transaction.StaticKeys)
        {
            model.Keys.Add(key);
        }

        model.StaticKeys = model.Keys.Count;
        model.Blockhash = transaction.RecentBlockhash;
        (model.LoadedWritable, model.LoadedReadonly) = (transaction.LoadedWritableCount, transaction.LoadedReadonlyCount);
        foreach (var lookup in transaction.Lookups)
        {
            ref var row = ref model.Lookups.Add();
            row.Table = lookup.Table;
            (row.WritableAt, row.WritableCount) = (model.Bytes.Add(lookup.WritableIndexes), lookup.WritableIndexes.Length);
            (row.ReadonlyAt, row.ReadonlyCount) = (model.Bytes.Add(lookup.ReadonlyIndexes), lookup.ReadonlyIndexes.Length);
        }

        var config = transaction.Config;
        Config(model, 0, config.PriorityFeeLamports, 0b11);
        Config(model, 1, config.ComputeUnitLimit, 0b100);
        Config(model, 2, config.LoadedAccountsDataSizeLimit, 0b1000);
        Config(model, 3, config.HeapSize, 0b1_0000);
        model.OuterCount = transaction.InstructionCount;
        return true;
    }

    private static void Config(TransactionModel model, int at, ulong? value, uint bits)
    {
        model.Config[at] = value ?? 0;
        model.ConfigMask |= value is null ? 0 : bits;
    }

    private static bool ReadMeta(in StatusMeta status, ReadOnlySpan<byte> meta, TransactionModel model)
    {
        model.HasMeta = true;
        if (status.LoadedWritableCount != model.LoadedWritable || status.LoadedReadonlyCount != model.LoadedReadonly)
        {
            return false;
        }

        foreach (var key in status.LoadedWritable)
        {
            model.Keys.Add(key);
        }

        foreach (var key in status.LoadedReadonly)
        {
            model.Keys.Add(key);
        }

        var error = status.Error;
        model.HasError = error.Code != TransactionErrorCode.None;
        if (model.HasError)
        {
            Span<byte> bincode = stackalloc byte[TransactionError.MaxBytes];
            model.Error.Add(bincode[..error.Encode(bincode)]);
        }

        model.Fee = status.FeeLamports;
        foreach (var lamports in status.PreBalances)
        {
            model.Before.Add(lamports);
        }

        foreach (var lamports in status.PostBalances)
        {
            model.After.Add(lamports);
        }

        (model.InnerMissing, model.LogMissing) = (status.InnerInstructionsMissing, status.LogMessagesMissing);
        foreach (var line in status.LogMessages)
        {
            if (line.Length > LogTextColumn.MaxLineBytes)
            {
                return false;
            }

            model.Log.Add(new TextRow { At = model.Bytes.Add(line), Length = line.Length });
        }

        (model.HasUnits, model.Units) = (status.HasComputeUnitsConsumed, status.ComputeUnitsConsumed);
        model.HasReturnData = !status.ReturnProgram.IsEmpty;
        if (model.HasReturnData)
        {
            model.ReturnProgram = new Pubkey(status.ReturnProgram);
            model.ReturnData.Add(status.ReturnData);
        }

        ReadCostUnits(meta, model);
        return status.ReturnData.Length <= StatusColumn.MaxReturnBytes && model.Before.Count == model.KeyCount && model.After.Count == model.KeyCount && ReadTokens(in status, model);
    }

    private static bool ReadTokens(in StatusMeta status, TransactionModel model)
    {
        foreach (var balance in status.PreTokenBalances)
        {
            if (balance.AccountIndex >= model.KeyCount || balance.Decimals > TransactionComposer.MaxDecimals)
            {
                return false;
            }

            ref var row = ref model.Tokens[balance.AccountIndex];
            row = new TokenRow { IsBefore = true, Before = balance.Amount, Decimals = balance.Decimals, Mint = balance.Mint, Owner = balance.Owner, Program = balance.TokenProgram };
        }

        foreach (var balance in status.PostTokenBalances)
        {
            if (balance.AccountIndex >= model.KeyCount || balance.Decimals > TransactionComposer.MaxDecimals)
            {
                return false;
            }

            ref var row = ref model.Tokens[balance.AccountIndex];
            if (row.IsBefore && (row.Mint != balance.Mint || row.Owner != balance.Owner || row.Program != balance.TokenProgram || row.Decimals != balance.Decimals))
            {
                return false; // an account that changed hands: rare enough to be stored whole
            }

            (row.IsAfter, row.After, row.Decimals, row.Mint, row.Owner, row.Program) = (true, balance.Amount, balance.Decimals, balance.Mint, balance.Owner, balance.TokenProgram);
        }

        return true;
    }

    // The view does not offer them: field 17, two bytes of tag, the last of the message.
    private static void ReadCostUnits(ReadOnlySpan<byte> meta, TransactionModel model)
    {
        const int Field17 = 17 << 3;
        Span<byte> tag = [(byte)(Field17 | 0x80), Field17 >> 7];
        var at = meta.LastIndexOf(tag);
        if (at < 0 || meta.Length - at > 12)
        {
            return;
        }

        ulong value = 0;
        var shift = 0;
        foreach (var part in meta[(at + 2)..])
        {
            value |= (ulong)(part & 0x7F) << shift;
            shift += 7;
        }

        (model.HasCostUnits, model.CostUnits) = (true, value);
    }

    // In order of execution. An inner instruction below none that is there, or in another order, makes the meta one that is stored whole.
    private static bool ReadSteps(in WireTransaction transaction, in StatusMeta status, TransactionModel model)
    {
        var inner = status.InnerInstructions;
        var hasInner = inner.MoveNext();
        var outer = 0;
        foreach (var instruction in transaction.Instructions)
        {
            Add(model, outer, 1, instruction.ProgramIndex, instruction.Accounts, instruction.Data);
            for (; hasInner && inner.Current.OuterInstruction == outer; hasInner = inner.MoveNext())
            {
                var current = inner.Current;
                if (current.StackHeight is 1 or > StepTree.MaxHeight || current.ProgramIndex >= (uint)model.KeyCount)
                {
                    return false;
                }

                Add(model, outer, (int)current.StackHeight, (int)current.ProgramIndex, current.Accounts, current.Data);
            }

            outer++;
        }

        // Without a meta the loaded keys are not known, and what names one cannot be coded by key.
        foreach (ref readonly var step in model.Steps.Written)
        {
            if (step.Program >= model.Keys.Count || step.DataLength > StepColumn.MaxDataBytes || Highest(model.Accounts(in step)) >= model.Keys.Count)
            {
                return false;
            }
        }

        return !hasInner && model.Steps.Count <= StepColumn.MaxSteps;
    }

    private static int Highest(ReadOnlySpan<byte> accounts)
    {
        var highest = -1;
        foreach (var account in accounts)
        {
            highest = Math.Max(highest, account);
        }

        return highest;
    }

    private static void Add(TransactionModel model, int outer, int height, int program, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data)
    {
        ref var step = ref model.Steps.Add();
        (step.Outer, step.Height, step.Program, step.Parent) = (outer, height, program, -1);
        (step.AccountsAt, step.AccountsCount) = (model.Bytes.Add(accounts), accounts.Length);
        (step.DataAt, step.DataLength) = (model.Bytes.Add(data), data.Length);
    }
}
