using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Instructions;

namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>An instruction with what it invoked below it, as the page draws the tree.</summary>
internal sealed class InstructionNode
{
    /// <summary>Accounts shown; more are counted only.</summary>
    public const int MaxAccounts = 64;

    private const int DataBytes = 48;
    private const int SummaryArguments = 3;
    private const int LongArgument = 24;

    private readonly List<InstructionNode> _children = [];

    private InstructionNode(TracedInstruction instruction, bool failed)
    {
        Instruction = instruction;
        Failed = failed;
        Place = instruction.InnerInstruction == TracedInstruction.IsOuter
            ? string.Create(CultureInfo.InvariantCulture, $"{instruction.OuterInstruction + 1}")
            : string.Create(CultureInfo.InvariantCulture, $"{instruction.OuterInstruction + 1}.{instruction.InnerInstruction + 1}");
    }

    public TracedInstruction Instruction { get; }

    /// <summary>Whether the error names this outer instruction.</summary>
    public bool Failed { get; }

    /// <summary>Its number from 1: outer, or outer.inner.</summary>
    public string Place { get; }

    public IReadOnlyList<InstructionNode> Children => _children;

    public string ProgramText => Instruction.ProgramName ?? Short(Instruction.Program.Key);

    /// <summary>Accounts shown.</summary>
    public int ShownAccounts => Math.Min(Instruction.Accounts.Count, MaxAccounts);

    /// <summary>Accounts that are not shown.</summary>
    public int MoreAccounts => Instruction.Accounts.Count - ShownAccounts;

    /// <summary>Its first arguments in a line.</summary>
    public string Arguments => string.Join(
        ", ",
        Instruction.Fields.Take(SummaryArguments).Select(static f => $"{f.Name} {(f.Value.Length > LongArgument ? f.Value[..(LongArgument - 1)] + "…" : f.Value)}"));

    /// <summary>The beginning of its data in hexadecimal.</summary>
    public string DataText => Convert.ToHexStringLower(Instruction.Data.Span[..Math.Min(DataBytes, Instruction.Data.Length)]) + (Instruction.Data.Length > DataBytes ? "…" : "");

    /// <summary>The outer instructions, each with its tree.</summary>
    public static IReadOnlyList<InstructionNode> Of(TransactionTrace trace)
    {
        var roots = new List<InstructionNode>();
        var nodes = new InstructionNode[trace.Instructions.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            var instruction = trace.Instructions[i];
            var failed = trace.Error.Code == TransactionErrorCode.InstructionError && instruction.Parent < 0 && instruction.OuterInstruction == trace.Error.InstructionIndex;
            nodes[i] = new InstructionNode(instruction, failed);
            (instruction.Parent < 0 ? roots : nodes[instruction.Parent]._children).Add(nodes[i]);
        }

        return roots;
    }

    private static string Short(Pubkey key)
    {
        var text = key.ToString();
        return $"{text[..4]}…{text[^4..]}";
    }
}
