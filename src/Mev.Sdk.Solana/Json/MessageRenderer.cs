using System.Text.Json;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Json;

/// <summary>Renders a transaction's wire bytes.</summary>
/// <remarks>Source: <c>UiTransaction</c>, <c>UiRawMessage</c> and <c>UiParsedMessage</c> of Agave's transaction-status.</remarks>
internal static class MessageRenderer
{
    public static void Write(Utf8JsonWriter writer, in WireTransaction transaction, ReadOnlySpan<byte> wire, string[] keys, RenderEncoding encoding, RenderStyle style)
    {
        if (encoding is RenderEncoding.Base64 or RenderEncoding.Base58)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(encoding == RenderEncoding.Base64 ? Convert.ToBase64String(wire) : BoundedBase58.Encode(wire, "a transaction"));
            writer.WriteStringValue(encoding == RenderEncoding.Base64 ? "base64" : "base58");
            writer.WriteEndArray();
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartArray("signatures");
        foreach (ref readonly var signature in transaction.Signatures)
        {
            writer.WriteStringValue(signature.ToString());
        }

        writer.WriteEndArray();
        writer.WriteStartObject("message");
        if (encoding == RenderEncoding.Json)
        {
            writer.WriteStartObject("header");
            writer.WriteNumber("numRequiredSignatures", transaction.RequiredSignatures);
            writer.WriteNumber("numReadonlySignedAccounts", transaction.ReadonlySigned);
            writer.WriteNumber("numReadonlyUnsignedAccounts", transaction.ReadonlyUnsigned);
            writer.WriteEndObject();
        }

        WriteKeys(writer, in transaction, keys, encoding, style);
        writer.WriteString("recentBlockhash", transaction.RecentBlockhash.ToString());
        writer.WriteStartArray("instructions");
        foreach (var instruction in transaction.Instructions)
        {
            InstructionRenderer.Write(writer, instruction.ProgramIndex, instruction.Accounts, instruction.Data, keys, encoding, Height(style));
        }

        writer.WriteEndArray();
        WriteLookups(writer, in transaction, style);
        if (transaction.Format == MessageFormat.V1)
        {
            WriteConfig(writer, transaction.Config);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static void WriteVersion(Utf8JsonWriter writer, MessageFormat format)
    {
        if (format == MessageFormat.Legacy)
        {
            writer.WriteStringValue("legacy");
        }
        else
        {
            writer.WriteNumberValue(format == MessageFormat.V0 ? 0 : 1);
        }
    }

    private static StackHeightForm Height(RenderStyle style) =>
        (style & RenderStyle.OuterStackHeightOne) != RenderStyle.None ? new StackHeightForm(1, IsWritten: true)
        : new StackHeightForm(0, IsWritten: (style & RenderStyle.OuterStackHeightAbsent) == RenderStyle.None);

    private static void WriteKeys(Utf8JsonWriter writer, in WireTransaction transaction, string[] keys, RenderEncoding encoding, RenderStyle style)
    {
        writer.WriteStartArray("accountKeys");
        for (var i = 0; i < (encoding == RenderEncoding.Json ? transaction.StaticKeyCount : keys.Length); i++)
        {
            if (encoding == RenderEncoding.Json)
            {
                writer.WriteStringValue(keys[i]);
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("pubkey", keys[i]);
            writer.WriteBoolean("signer", i < transaction.RequiredSignatures);
            writer.WriteBoolean("writable", transaction.IsWritable(i) && !ReservedKeys.Contains(keys[i]));
            if ((style & RenderStyle.KeySourceAbsent) == RenderStyle.None)
            {
                writer.WriteString("source", i < transaction.StaticKeyCount ? "transaction" : "lookupTable");
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteLookups(Utf8JsonWriter writer, in WireTransaction transaction, RenderStyle style)
    {
        if (transaction.Format != MessageFormat.V0)
        {
            if ((style & RenderStyle.LookupsNull) != RenderStyle.None)
            {
                writer.WriteNull("addressTableLookups");
            }

            return;
        }

        writer.WriteStartArray("addressTableLookups");
        foreach (var lookup in transaction.Lookups)
        {
            writer.WriteStartObject();
            writer.WriteString("accountKey", lookup.Table.ToString());
            WriteIndices(writer, "writableIndexes", lookup.WritableIndexes);
            WriteIndices(writer, "readonlyIndexes", lookup.ReadonlyIndexes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteConfig(Utf8JsonWriter writer, TransactionConfig config)
    {
        writer.WriteStartObject("transactionConfig");
        WriteOptional(writer, "priorityFee", config.PriorityFeeLamports);
        WriteOptional(writer, "computeUnitLimit", config.ComputeUnitLimit);
        WriteOptional(writer, "loadedAccountsDataSizeLimit", config.LoadedAccountsDataSizeLimit);
        WriteOptional(writer, "heapSize", config.HeapSize);
        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, ulong? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteIndices(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> indices)
    {
        writer.WriteStartArray(name);
        foreach (var index in indices)
        {
            writer.WriteNumberValue(index);
        }

        writer.WriteEndArray();
    }
}
