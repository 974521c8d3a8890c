using System.Globalization;
using System.Text.Json;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Json;

/// <summary>Renders a status meta.</summary>
/// <remarks>Source: <c>UiTransactionStatusMeta</c> of Agave's transaction-status.</remarks>
internal static class MetaRenderer
{
    public static void Write(Utf8JsonWriter writer, in StatusMeta meta, string[] keys, RenderEncoding encoding, RenderStyle style)
    {
        var error = meta.Error;
        writer.WriteStartObject();
        writer.WritePropertyName("err");
        ErrorRenderer.Write(writer, in error);
        if (!Has(style, RenderStyle.StatusAbsent))
        {
            ErrorRenderer.WriteStatus(writer, in error);
        }

        writer.WriteNumber("fee", meta.FeeLamports);
        WriteLamports(writer, "preBalances", meta.PreBalances);
        WriteLamports(writer, "postBalances", meta.PostBalances);
        WriteInner(writer, in meta, keys, encoding, style);
        WriteLog(writer, in meta);
        WriteTokens(writer, "preTokenBalances", meta.PreTokenBalances, style);
        WriteTokens(writer, "postTokenBalances", meta.PostTokenBalances, style);
        if (Has(style, RenderStyle.RewardsNull))
        {
            writer.WriteNull("rewards");
        }
        else if (!Has(style, RenderStyle.RewardsAbsent))
        {
            writer.WriteStartArray("rewards");
            writer.WriteEndArray();
        }

        // jsonParsed lists loaded keys among all keys.
        if (!Has(style, RenderStyle.LoadedAddressesAbsent))
        {
            writer.WriteStartObject("loadedAddresses");
            WriteLoaded(writer, "writable", meta.LoadedWritable);
            WriteLoaded(writer, "readonly", meta.LoadedReadonly);
            writer.WriteEndObject();
        }

        WriteReturn(writer, in meta, style);
        if (meta.HasComputeUnitsConsumed)
        {
            writer.WriteNumber("computeUnitsConsumed", meta.ComputeUnitsConsumed);
        }

        writer.WriteEndObject();
    }

    private static bool Has(RenderStyle style, RenderStyle flag) => (style & flag) != RenderStyle.None;

    private static void WriteLamports(Utf8JsonWriter writer, string name, Lamports lamports)
    {
        writer.WriteStartArray(name);
        foreach (var balance in lamports)
        {
            writer.WriteNumberValue(balance);
        }

        writer.WriteEndArray();
    }

    private static void WriteInner(Utf8JsonWriter writer, in StatusMeta meta, string[] keys, RenderEncoding encoding, RenderStyle style)
    {
        if (meta.InnerInstructionsMissing)
        {
            writer.WriteNull("innerInstructions");
            return;
        }

        // Inner instructions of encoding base64 are rendered by indices, as in json.
        var form = encoding == RenderEncoding.JsonParsed ? RenderEncoding.JsonParsed : RenderEncoding.Json;
        var outer = -1;
        writer.WriteStartArray("innerInstructions");
        foreach (var instruction in meta.InnerInstructions)
        {
            if (instruction.OuterInstruction != outer)
            {
                EndGroup(writer, outer);
                outer = instruction.OuterInstruction;
                writer.WriteStartObject();
                writer.WriteNumber("index", outer);
                writer.WriteStartArray("instructions");
            }

            var height = new StackHeightForm(instruction.StackHeight, instruction.StackHeight != 0 || Has(style, RenderStyle.InnerStackHeightNull));
            InstructionRenderer.Write(writer, instruction.ProgramIndex, instruction.Accounts, instruction.Data, keys, form, height);
        }

        EndGroup(writer, outer);
        writer.WriteEndArray();
    }

    private static void EndGroup(Utf8JsonWriter writer, int outer)
    {
        if (outer >= 0)
        {
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private static void WriteLog(Utf8JsonWriter writer, in StatusMeta meta)
    {
        if (meta.LogMessagesMissing)
        {
            writer.WriteNull("logMessages");
            return;
        }

        writer.WriteStartArray("logMessages");
        foreach (var line in meta.LogMessages)
        {
            writer.WriteStringValue(System.Text.Encoding.UTF8.GetString(line));
        }

        writer.WriteEndArray();
    }

    private static void WriteTokens(Utf8JsonWriter writer, string name, TokenBalances balances, RenderStyle style)
    {
        writer.WriteStartArray(name);
        while (balances.MoveNext(out var balance))
        {
            writer.WriteStartObject();
            writer.WriteNumber("accountIndex", balance.AccountIndex);
            writer.WriteString("mint", balance.Mint);
            WriteAmount(writer, in balance, style);
            if (!balance.Owner.IsEmpty)
            {
                writer.WriteString("owner", balance.Owner);
            }

            if (!balance.Program.IsEmpty)
            {
                writer.WriteString("programId", balance.Program);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteAmount(Utf8JsonWriter writer, in RawTokenBalance balance, RenderStyle style)
    {
        var shown = balance.ReadUi();
        var ui = shown.Number;
        writer.WriteStartObject("uiTokenAmount");
        if (ui == 0 && !Has(style, RenderStyle.ZeroUiAmount))
        {
            writer.WriteNull("uiAmount");
        }
        else
        {
            writer.WriteNumber("uiAmount", double.IsFinite(ui) ? ui : 0);
        }

        writer.WriteNumber("decimals", balance.Decimals);
        writer.WriteString("amount", balance.Amount.ToString(CultureInfo.InvariantCulture));
        writer.WriteString("uiAmountString", System.Text.Encoding.UTF8.GetString(shown.Text));
        writer.WriteEndObject();
    }

    private static void WriteLoaded(Utf8JsonWriter writer, string name, LoadedKeys keys)
    {
        writer.WriteStartArray(name);
        foreach (ref readonly var key in keys)
        {
            writer.WriteStringValue(key.ToString());
        }

        writer.WriteEndArray();
    }

    private static void WriteReturn(Utf8JsonWriter writer, in StatusMeta meta, RenderStyle style)
    {
        if (!meta.ReturnProgram.IsEmpty)
        {
            writer.WriteStartObject("returnData");
            writer.WriteString("programId", new Pubkey(meta.ReturnProgram).ToString());
            WritePair(writer, Convert.ToBase64String(meta.ReturnData), "base64");
            writer.WriteEndObject();
        }
        else if (Has(style, RenderStyle.ReturnDataNull))
        {
            writer.WriteNull("returnData");
        }
        else if (Has(style, RenderStyle.ReturnDataEmpty))
        {
            writer.WriteStartObject("returnData");
            writer.WriteString("programId", default(Pubkey).ToString());
            WritePair(writer, "", "");
            writer.WriteEndObject();
        }
    }

    private static void WritePair(Utf8JsonWriter writer, string text, string encoding)
    {
        writer.WriteStartArray("data");
        writer.WriteStringValue(text);
        writer.WriteStringValue(encoding);
        writer.WriteEndArray();
    }
}
