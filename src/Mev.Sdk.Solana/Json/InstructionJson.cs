using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Json;

/// <summary>Reads an instruction in encoding json (indices), jsonParsed undecoded (keys) or jsonParsed decoded (a node's rendering).</summary>
internal static class InstructionJson
{
    public static RawInstruction Read(JsonNode node, AccountList accounts)
    {
        if (node.Has("programIdIndex"))
        {
            var indices = node["accounts"].Elements().Select(account => account.Byte()).ToArray();
            return new RawInstruction(node["programIdIndex"].Byte(), indices, node["data"].FromBase58());
        }

        var program = accounts.IndexOf(node["programId"]);
        if (!node.Has("parsed"))
        {
            var indices = node["accounts"].Elements().Select(accounts.IndexOf).ToArray();
            return new RawInstruction(program, indices, node["data"].FromBase58());
        }

        return ParsedInstruction.TryRebuild(node, accounts, out var keys, out var data)
            ? new RawInstruction(program, keys, data)
            : new RawInstruction(program, [], [], IsComplete: false);
    }

    public static void Add(this TransactionBuilder builder, in RawInstruction instruction) =>
        builder.AddInstruction(instruction.Program, instruction.Accounts, instruction.Data);
}
