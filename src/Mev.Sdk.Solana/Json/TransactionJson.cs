using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Json;

/// <summary>Reads one element of a block's <c>transactions</c> back into wire bytes, whichever encoding the node was asked for.</summary>
internal static class TransactionJson
{
    /// <summary>Reads the transaction.</summary>
    /// <param name="node">The element: transaction, meta, version.</param>
    /// <param name="builder">For the bytes.</param>
    /// <param name="accounts">Its keys; loaded ones only when the file lists them.</param>
    /// <param name="isComplete">False when some instruction's data was lost: the bytes then serve to decode from, not to keep.</param>
    /// <returns>The wire bytes.</returns>
    public static byte[] Read(JsonNode node, TransactionBuilder builder, out AccountList accounts, out bool isComplete)
    {
        var transaction = node["transaction"];
        accounts = new AccountList();
        isComplete = true;
        if (transaction.IsArray || transaction.IsString)
        {
            var wire = ReadBinary(transaction);
            ReadStaticKeys(transaction, wire, accounts);
            MetaJson.ReadLoadedKeys(node["meta"], accounts);
            accounts.Number();
            return wire;
        }

        if (!transaction.Has("message"))
        {
            throw transaction.Fail(transaction.Has("accountKeys")
                ? "this block was asked for with transactionDetails \"accounts\"; ask for \"full\""
                : "a transaction in encoding json, jsonParsed or base64 was expected");
        }

        return ReadMessage(node, builder, accounts, out isComplete);
    }

    private static byte[] ReadBinary(JsonNode transaction)
    {
        if (transaction.IsString)
        {
            return transaction.FromBase58(); // the oldest form, before encodings had names
        }

        var parts = transaction.Elements().ToArray();
        if (parts.Length != 2)
        {
            throw transaction.Fail("a pair of text and encoding was expected");
        }

        return parts[1].Text() switch
        {
            "base64" => parts[0].FromBase64(),
            "base58" => parts[0].FromBase58(),
            var other => throw parts[1].Fail($"encoding \"{other}\" is not known; ask for json, jsonParsed or base64"),
        };
    }

    private static void ReadStaticKeys(JsonNode transaction, byte[] wire, AccountList accounts)
    {
        if (!WireTransaction.TryParse(wire, out var view, out var failure))
        {
            throw transaction.Fail($"the bytes are not a transaction: {failure}");
        }

        accounts.Static.AddRange(view.StaticKeys);
    }

    private static byte[] ReadMessage(JsonNode node, TransactionBuilder builder, AccountList accounts, out bool isComplete)
    {
        var transaction = node["transaction"];
        var message = transaction["message"];
        var format = FormatOf(node, message);
        builder.Clear().SetFormat(format);
        if (format == MessageFormat.V1)
        {
            builder.SetConfig(ReadConfig(message["transactionConfig"]));
        }

        foreach (var signature in transaction["signatures"].Elements())
        {
            builder.AddSignature(signature.Signature());
        }

        ReadKeys(message, builder, accounts);
        MetaJson.ReadLoadedKeys(node["meta"], accounts);
        accounts.Number();
        builder.SetRecentBlockhash(message["recentBlockhash"].Key());
        isComplete = true;
        foreach (var element in message["instructions"].Elements())
        {
            var instruction = InstructionJson.Read(element, accounts);
            isComplete &= instruction.IsComplete;
            builder.Add(in instruction);
        }

        foreach (var lookup in message["addressTableLookups"].Elements())
        {
            builder.AddLookup(
                lookup["accountKey"].Key(),
                lookup["writableIndexes"].Elements().Select(index => index.Byte()).ToArray(),
                lookup["readonlyIndexes"].Elements().Select(index => index.Byte()).ToArray());
        }

        try
        {
            return builder.ToArray();
        }
        catch (InvalidOperationException refused)
        {
            throw transaction.Fail(refused.Message);
        }
    }

    // Blocks that were asked for without maxSupportedTransactionVersion carry no version and hold legacy transactions only.
    private static MessageFormat FormatOf(JsonNode node, JsonNode message)
    {
        var version = node["version"];
        if (version.IsNull)
        {
            return message["addressTableLookups"].Count > 0 ? MessageFormat.V0 : MessageFormat.Legacy;
        }

        if (version.IsString && version.Text() == "legacy")
        {
            return MessageFormat.Legacy;
        }

        return version.IsNumber && version.Number() is <= 1 and var number
            ? number == 0 ? MessageFormat.V0 : MessageFormat.V1
            : throw version.Fail("only message versions \"legacy\", 0 and 1 can be read");
    }

    // UiTransactionConfig of Agave: every member is there, and null where the message does not ask for it.
    private static TransactionConfig ReadConfig(JsonNode config)
    {
        if (!config.IsObject)
        {
            throw config.Fail("a version-1 message in this encoding needs its configuration; ask for base64, which carries it always");
        }

        var fee = config["priorityFee"];
        return new TransactionConfig(fee.IsNull ? null : fee.Number(), Optional("computeUnitLimit"), Optional("loadedAccountsDataSizeLimit"), Optional("heapSize"));

        uint? Optional(string name) => config[name] is { IsNull: false } value ? value.Number32() : null;
    }

    private static void ReadKeys(JsonNode message, TransactionBuilder builder, AccountList accounts)
    {
        if (!message["header"].IsNull)
        {
            var header = message["header"];
            builder.SetHeader(header["numRequiredSignatures"].Byte(), header["numReadonlySignedAccounts"].Byte(), header["numReadonlyUnsignedAccounts"].Byte());
            accounts.Static.AddRange(message["accountKeys"].Elements().Select(key => key.Key()));
        }
        else
        {
            ReadParsedKeys(message, builder, accounts);
        }

        foreach (var key in accounts.Static)
        {
            builder.AddKey(in key);
        }
    }

    // jsonParsed has no header. It follows from the order of keys: signers first, within both halves the writable ones first. A key that the
    // runtime demotes to readonly (a program, a sysvar) shows as readonly among writable ones, so only the run at the end counts.
    private static void ReadParsedKeys(JsonNode message, TransactionBuilder builder, AccountList accounts)
    {
        // Of loaded keys the lookups say how many are writable.
        var keys = message["accountKeys"];
        var lookups = message["addressTableLookups"];
        var loadedWritable = lookups.IsArray ? lookups.Elements().Sum(static lookup => lookup["writableIndexes"].Count) : -1;
        int required = 0, readonlySigned = 0, readonlyUnsigned = 0;
        foreach (var node in keys.Elements())
        {
            var (key, signer, writable) = (node["pubkey"].Key(), node["signer"].Flag(), node["writable"].Flag());
            if (!node["source"].IsNull && node["source"].Text() == "lookupTable")
            {
                ((loadedWritable < 0 ? writable : accounts.LoadedWritable.Count < loadedWritable) ? accounts.LoadedWritable : accounts.LoadedReadonly).Add(key);
                continue;
            }

            accounts.Static.Add(key);
            required += signer ? 1 : 0;
            readonlySigned = !signer ? readonlySigned : writable ? 0 : readonlySigned + 1;
            readonlyUnsigned = signer || writable ? 0 : readonlyUnsigned + 1;
        }

        if (accounts.Static.Count > byte.MaxValue + 1)
        {
            throw keys.Fail($"{accounts.Static.Count} keys are more than an index of one byte can name");
        }

        // Who pays is writable, also when the runtime would demote it.
        builder.SetHeader((byte)required, (byte)Math.Min(readonlySigned, Math.Max(0, required - 1)), (byte)readonlyUnsigned);
    }
}
