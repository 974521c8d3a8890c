using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Json;

/// <summary>Reads <c>err</c> as JSON-RPC renders it: a variant's name, or an object whose only member is the variant with what it carries.</summary>
internal static class ErrorJson
{
    public static TransactionError Read(JsonNode error)
    {
        if (error.IsNull)
        {
            return default;
        }

        if (error.IsString)
        {
            // The only variant that cannot be without what it carries: its instruction and that instruction's error.
            var bare = Code(error.Text());
            return new TransactionError(bare == TransactionErrorCode.InstructionError ? TransactionErrorCode.Other : bare);
        }

        var (name, value) = error.Single();
        var code = Code(name);
        return code switch
        {
            TransactionErrorCode.InstructionError => Instruction(value),
            TransactionErrorCode.DuplicateInstruction => new TransactionError(code, InstructionIndex: value.Byte()),
            TransactionErrorCode.InsufficientFundsForRent or TransactionErrorCode.ProgramExecutionTemporarilyRestricted =>
                new TransactionError(code, AccountIndex: value["account_index"].Byte()),
            _ => new TransactionError(code),
        };
    }

    private static TransactionError Instruction(JsonNode pair)
    {
        var parts = pair.Elements().ToArray();
        if (parts.Length != 2)
        {
            throw pair.Fail("an instruction's index and its error were expected");
        }

        var index = parts[0].Byte();
        if (parts[1].IsString)
        {
            return TransactionError.Instruction(index, InstructionCode(parts[1].Text()));
        }

        var (name, value) = parts[1].Single();
        var code = InstructionCode(name);
        return TransactionError.Instruction(index, code, code == InstructionErrorCode.Custom ? value.Number32() : 0);
    }

    // A name that this version does not know is still a failure.
    private static TransactionErrorCode Code(string name) =>
        Enum.TryParse<TransactionErrorCode>(name, out var code) && code != TransactionErrorCode.None && IsName(name) ? code : TransactionErrorCode.Other;

    private static InstructionErrorCode InstructionCode(string name) =>
        Enum.TryParse<InstructionErrorCode>(name, out var code) && code != InstructionErrorCode.None && IsName(name) ? code : InstructionErrorCode.Other;

    // Enum.TryParse also takes numbers ("9", "+9"), surrounding blanks and lists ("A, B").
    private static bool IsName(string name) => char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit);
}
