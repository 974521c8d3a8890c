using System.Text.Json;

namespace Mev.Sdk.Solana.Json;

/// <summary>Renders an instruction, outer or inner.</summary>
internal static class InstructionRenderer
{
    public static void Write(
        Utf8JsonWriter writer, uint program, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, string[] keys, RenderEncoding encoding, StackHeightForm height)
    {
        writer.WriteStartObject();
        if (encoding != RenderEncoding.JsonParsed)
        {
            writer.WriteNumber("programIdIndex", program);
            writer.WriteStartArray("accounts");
            foreach (var account in accounts)
            {
                writer.WriteNumberValue(account);
            }

            writer.WriteEndArray();
            writer.WriteString("data", BoundedBase58.Encode(data, "instruction data"));
        }
        else
        {
            writer.WriteString("programId", keys.At(program));
            if (!ParsedRenderer.TryWrite(writer, keys.At(program), accounts, data, keys))
            {
                WriteUnparsed(writer, accounts, data, keys);
            }
        }

        if (height.IsWritten)
        {
            if (height.Height == 0)
            {
                writer.WriteNull("stackHeight");
            }
            else
            {
                writer.WriteNumber("stackHeight", height.Height);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteUnparsed(Utf8JsonWriter writer, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, string[] keys)
    {
        writer.WriteStartArray("accounts");
        foreach (var account in accounts)
        {
            writer.WriteStringValue(keys.At(account));
        }

        writer.WriteEndArray();
        writer.WriteString("data", BoundedBase58.Encode(data, "instruction data"));
    }
}
