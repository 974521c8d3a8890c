using System.Text.Json;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Json;

/// <summary>Renders why a transaction failed.</summary>
internal static class ErrorRenderer
{
    /// <summary>Writes <c>status</c>, the older form of <c>err</c>.</summary>
    public static void WriteStatus(Utf8JsonWriter writer, in TransactionError error)
    {
        writer.WriteStartObject("status");
        writer.WritePropertyName(error.Code == TransactionErrorCode.None ? "Ok" : "Err");
        Write(writer, in error);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, in TransactionError error)
    {
        switch (error.Code)
        {
            case TransactionErrorCode.None:
                writer.WriteNullValue();
                break;
            case TransactionErrorCode.InstructionError:
                writer.WriteStartObject();
                writer.WriteStartArray("InstructionError");
                writer.WriteNumberValue(error.InstructionIndex);
                WriteInstruction(writer, in error);
                writer.WriteEndArray();
                writer.WriteEndObject();
                break;
            case TransactionErrorCode.DuplicateInstruction:
                writer.WriteStartObject();
                writer.WriteNumber("DuplicateInstruction", error.InstructionIndex);
                writer.WriteEndObject();
                break;
            case TransactionErrorCode.InsufficientFundsForRent or TransactionErrorCode.ProgramExecutionTemporarilyRestricted:
                writer.WriteStartObject();
                writer.WriteStartObject(error.Code.ToString());
                writer.WriteNumber("account_index", error.AccountIndex);
                writer.WriteEndObject();
                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(error.Code.ToString());
                break;
        }
    }

    private static void WriteInstruction(Utf8JsonWriter writer, in TransactionError error)
    {
        if (error.InstructionCode != InstructionErrorCode.Custom)
        {
            writer.WriteStringValue(error.InstructionCode.ToString());
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("Custom", error.CustomCode);
        writer.WriteEndObject();
    }
}
