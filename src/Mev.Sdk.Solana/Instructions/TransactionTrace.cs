using System.Text;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Internal;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Instructions;

/// <summary>A transaction for a reader: its accounts with their rights, and every executed instruction by name, in order.</summary>
/// <remarks>
/// For pages and reports: it allocates a few hundred objects a transaction. <see cref="Effects.TransactionEffects"/> says what the instructions did and allocates nothing. Immutable
/// and thread-safe; it keeps no reference to the bytes it was read from.
/// </remarks>
/// <example>
/// <code>
/// if (TransactionTrace.TryRead(wire, meta, out var trace, out var error))
///     foreach (var instruction in trace.Instructions)
///         Print($"{new string(' ', instruction.Depth)}{instruction.ProgramName}: {instruction.Name}");
/// </code>
/// </example>
public sealed class TransactionTrace
{
    private TransactionTrace(TransactionAccount[] accounts, TracedInstruction[] instructions, string[] log)
    {
        Accounts = accounts;
        Instructions = instructions;
        Log = log;
    }

    /// <summary>How the message is laid out.</summary>
    public required MessageFormat Format { get; init; }

    /// <summary>The signatures; the first is the transaction's identity.</summary>
    public required IReadOnlyList<Signature> Signatures { get; init; }

    /// <summary>The recent blockhash, or a nonce.</summary>
    public required Pubkey RecentBlockhash { get; init; }

    /// <summary>Whether there was a status meta; without it loaded keys, inner instructions and the log are missing.</summary>
    public required bool HasMeta { get; init; }

    /// <summary>Whether the node recorded inner instructions; false is not the same as none having run.</summary>
    public required bool HasInner { get; init; }

    /// <summary>Why it failed; code None when it did not, or when there is no meta.</summary>
    public required TransactionError Error { get; init; }

    /// <summary>Its accounts by index.</summary>
    public IReadOnlyList<TransactionAccount> Accounts { get; }

    /// <summary>The executed instructions, outer and inner, in order of execution.</summary>
    public IReadOnlyList<TracedInstruction> Instructions { get; }

    /// <summary>The log's lines; empty when the node recorded none.</summary>
    public IReadOnlyList<string> Log { get; }

    /// <summary>The program that gave up first, by the log, or that of the outer instruction that failed; null when nothing failed, or no instruction did.</summary>
    public Pubkey? FailedProgram { get; private init; }

    /// <summary>What a program logged about its failure, such as an Anchor program's error message; empty when nothing failed or nothing was said.</summary>
    public string ErrorMessage { get; private init; } = "";

    /// <summary>Reads a transaction.</summary>
    /// <param name="wire">Its bytes.</param>
    /// <param name="meta">Its status meta as ConfirmedBlock protobuf; empty = not known yet.</param>
    /// <param name="trace">What it is; null when refused.</param>
    /// <param name="error">What is wrong and where; null when it was read.</param>
    /// <returns>False when the bytes are malformed, contradict each other, or hold more than 1,024 instructions.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> wire,
        ReadOnlySpan<byte> meta,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TransactionTrace? trace,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? error)
    {
        trace = null;
        if (!WireTransaction.TryParse(wire, out var transaction, out var failure))
        {
            error = $"wire: {failure}";
            return false;
        }

        if (!StatusMeta.TryParse(meta, out var status, out failure))
        {
            error = $"meta: {failure}";
            return false;
        }

        var execution = new Execution();
        if (!execution.TryLoad(in transaction, wire, in status, meta, hasMeta: !meta.IsEmpty, out error!))
        {
            return false;
        }

        var accounts = AccountsOf(in transaction, execution);
        var log = LogOf(in status);
        var instructions = InstructionsOf(new ExecutionView(wire, meta, status, execution, ledger: null), accounts, log);
        trace = new TransactionTrace(accounts, instructions, log)
        {
            Format = transaction.Format,
            Signatures = transaction.Signatures.ToArray(),
            RecentBlockhash = transaction.RecentBlockhash,
            HasMeta = !meta.IsEmpty,
            HasInner = !meta.IsEmpty && !status.InnerInstructionsMissing,
            Error = status.Error,
            FailedProgram = FailedProgramOf(status.Error, instructions, log),
            ErrorMessage = status.Error.Code == Records.TransactionErrorCode.None ? "" : MessageOf(log),
        };
        return true;
    }

    private static TransactionAccount[] AccountsOf(in WireTransaction transaction, Execution execution)
    {
        var accounts = new TransactionAccount[execution.KeyCount];
        for (var i = 0; i < accounts.Length; i++)
        {
            accounts[i] = new TransactionAccount(i, execution.Keys[i], i < execution.SignerCount, transaction.IsWritable(i), default, 0);
        }

        // Loaded keys stand in the order of the lookups, all writable ones before all readonly ones.
        var (writable, @readonly) = (transaction.StaticKeyCount, transaction.StaticKeyCount + transaction.LoadedWritableCount);
        foreach (var lookup in transaction.Lookups)
        {
            foreach (var index in lookup.WritableIndexes)
            {
                accounts[writable] = accounts[writable] with { LookupTable = lookup.Table, LookupIndex = index };
                writable++;
            }

            foreach (var index in lookup.ReadonlyIndexes)
            {
                accounts[@readonly] = accounts[@readonly] with { LookupTable = lookup.Table, LookupIndex = index };
                @readonly++;
            }
        }

        return accounts;
    }

    private static string[] LogOf(in StatusMeta status)
    {
        var lines = new List<string>();
        foreach (var line in status.LogMessages)
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        return [.. lines];
    }

    private static TracedInstruction[] InstructionsOf(in ExecutionView view, TransactionAccount[] accounts, string[] log)
    {
        var instructions = new TracedInstruction[view.Steps.Length];
        var units = ComputeUnitLog.Read(log, in view);
        var parents = new int[instructions.Length];
        for (var i = 0; i < instructions.Length; i++)
        {
            ref readonly var step = ref view.Steps[i];
            parents[i] = i > 0 && view.Steps[i - 1].Outer == step.Outer && step.Inner != TraceStep.IsOuter ? ParentOf(in view, parents, i) : -1;
            var data = view.Data(in step);
            var indices = view.Accounts(in step);
            var program = accounts[step.Program];
            var described = InstructionCatalog.Find(program.Key, view.ProgramOf(in step), data, indices.Length);
            var places = new InstructionAccount[indices.Length];
            for (var place = 0; place < places.Length; place++)
            {
                places[place] = new InstructionAccount(accounts[indices[place]], described.AccountName(place));
            }

            instructions[i] = new TracedInstruction
            {
                OuterInstruction = step.Outer,
                InnerInstruction = step.Inner,
                Depth = step.Depth,
                Parent = parents[i],
                Program = program,
                ProgramName = ProgramNames.Find(program.Key),
                Name = described.Name,
                Accounts = places,
                Fields = described.ReadFields(data),
                Data = data.ToArray(),
                ComputeUnits = units[i],
            };
        }

        return instructions;
    }

    // The nearest step before it that is less deep; steps stand in order of execution.
    private static int ParentOf(in ExecutionView view, int[] parents, int index)
    {
        var parent = index - 1;
        while (parent >= 0 && view.Steps[parent].Depth >= view.Steps[index].Depth)
        {
            parent = parents[parent];
        }

        return parent;
    }

    // Anchor: "Program log: AnchorError thrown in FILE. Error Code: NAME. Error Number: N. Error Message: TEXT."; others: "Program log: Error: TEXT".
    private static string MessageOf(string[] log)
    {
        foreach (var mark in (ReadOnlySpan<string>)["Error Message: ", "Program log: Error: "])
        {
            foreach (var line in log)
            {
                if (line.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at)
                {
                    return line[(at + mark.Length)..].Trim();
                }
            }
        }

        return "";
    }

    private static Pubkey? FailedProgramOf(TransactionError error, TracedInstruction[] instructions, string[] log)
    {
        if (error.Code != Records.TransactionErrorCode.InstructionError)
        {
            return null;
        }

        foreach (var line in log)
        {
            // "Program KEY failed: REASON": the innermost program says it first.
            if (line.Split(' ', 4) is ["Program", var key, "failed:", ..] && Pubkey.TryParse(key, null, out var program))
            {
                return program;
            }
        }

        return instructions.FirstOrDefault(i => i.OuterInstruction == error.InstructionIndex && i.Parent < 0)?.Program.Key;
    }
}
