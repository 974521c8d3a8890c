using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Json;

/// <summary>Reads a transaction's <c>meta</c> into a status meta.</summary>
internal static class MetaJson
{
    private const int LongestAmountText = 280; // 20 digits, 255 decimals, a point

    /// <summary>Adds the keys that lookups loaded to the transaction's keys, when the rendering lists them here.</summary>
    public static void ReadLoadedKeys(JsonNode meta, AccountList accounts)
    {
        if (meta.IsNull || meta["loadedAddresses"].IsNull || accounts.LoadedWritable.Count + accounts.LoadedReadonly.Count > 0)
        {
            return;
        }

        accounts.LoadedWritable.AddRange(meta["loadedAddresses"]["writable"].Elements().Select(key => key.Key()));
        accounts.LoadedReadonly.AddRange(meta["loadedAddresses"]["readonly"].Elements().Select(key => key.Key()));
    }

    public static byte[] Read(JsonNode meta, AccountList accounts, StatusMetaBuilder builder)
    {
        builder.Clear()
            .SetError(ErrorJson.Read(meta["err"]))
            .SetFee(meta["fee"].Number());
        ReadBalances(meta, builder);
        ReadInnerInstructions(meta["innerInstructions"], accounts, builder);
        ReadLog(meta["logMessages"], builder);
        foreach (var balance in meta["preTokenBalances"].Elements())
        {
            builder.AddPreTokenBalance(ReadTokenBalance(balance, out var text), text);
        }

        foreach (var balance in meta["postTokenBalances"].Elements())
        {
            builder.AddPostTokenBalance(ReadTokenBalance(balance, out var text), text);
        }

        foreach (var key in accounts.LoadedWritable)
        {
            builder.AddLoadedWritable(in key);
        }

        foreach (var key in accounts.LoadedReadonly)
        {
            builder.AddLoadedReadonly(in key);
        }

        if (!meta["computeUnitsConsumed"].IsNull)
        {
            builder.SetComputeUnitsConsumed(meta["computeUnitsConsumed"].Number());
        }

        ReadReturnData(meta["returnData"], builder);
        return builder.ToArray();
    }

    private static void ReadBalances(JsonNode meta, StatusMetaBuilder builder)
    {
        var (pre, post) = (meta["preBalances"], meta["postBalances"]);
        if (pre.Count != post.Count)
        {
            throw post.Fail($"{post.Count} balances after the transaction, {pre.Count} before it");
        }

        foreach (var (before, after) in pre.Elements().Zip(post.Elements()))
        {
            builder.AddBalance(before.Number(), after.Number());
        }
    }

    private static void ReadInnerInstructions(JsonNode groups, AccountList accounts, StatusMetaBuilder builder)
    {
        if (groups.IsNull)
        {
            builder.SetInnerInstructionsMissing();
            return;
        }

        foreach (var group in groups.Elements())
        {
            var outer = group["index"].Byte();
            foreach (var node in group["instructions"].Elements())
            {
                var instruction = InstructionJson.Read(node, accounts);
                var height = node["stackHeight"];
                builder.AddInnerInstruction(outer, instruction.Program, instruction.Accounts, instruction.Data, height.IsNull ? 0 : height.Number32());
            }
        }
    }

    private static void ReadLog(JsonNode lines, StatusMetaBuilder builder)
    {
        if (lines.IsNull)
        {
            builder.SetLogMessagesMissing();
            return;
        }

        foreach (var line in lines.Elements())
        {
            builder.AddLogMessage(line.Text());
        }
    }

    private static TokenBalance ReadTokenBalance(JsonNode balance, out string? text)
    {
        var amount = balance["uiTokenAmount"];
        text = amount["uiAmountString"].IsNull ? null : amount["uiAmountString"].Text();
        if (text?.Length > LongestAmountText)
        {
            throw amount["uiAmountString"].Fail("this is too long for the text of an amount");
        }

        return new TokenBalance(
            balance["accountIndex"].Byte(),
            balance["mint"].Key(),
            balance["owner"].KeyOrZero(),
            balance["programId"].KeyOrZero(),
            amount["amount"].NumberText(),
            amount["decimals"].Byte());
    }

    private static void ReadReturnData(JsonNode returned, StatusMetaBuilder builder)
    {
        if (returned.IsNull)
        {
            return;
        }

        var parts = returned["data"].Elements().ToArray();
        if (parts.Length == 2 && parts[0].Text().Length == 0 && parts[1].Text().Length == 0)
        {
            return; // some providers write a pair of empty strings where a node writes nothing
        }

        if (parts.Length != 2 || parts[1].Text() != "base64")
        {
            throw returned["data"].Fail("a pair of base64 text and \"base64\" was expected");
        }

        var data = parts[0].FromBase64();
        if (data.Length > StatusMetaBuilder.MaxReturnDataBytes)
        {
            throw parts[0].Fail($"{data.Length} bytes of return data are more than the runtime's {StatusMetaBuilder.MaxReturnDataBytes}");
        }

        builder.SetReturnData(returned["programId"].Key(), data);
    }
}
