using System.Runtime.InteropServices;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Internal;

/// <summary>A transaction's keys and executed instructions side by side; the memory is kept from one transaction to the next.</summary>
internal sealed class Execution
{
    /// <summary>
    /// Most executed instructions of one transaction, outer and inner together. Today's runtime allows 64 (Agave's
    /// <c>MAX_INSTRUCTION_TRACE_LENGTH</c>); older blocks were bound by compute units and packet size alone, and stay far below this. It bounds
    /// the time that hostile bytes can take, because finding callers and swaps compares steps and transfers with each other.
    /// </summary>
    public const int MaxSteps = 1024;

    /// <summary>
    /// Most accounts of one inner instruction: the runtime's own limit (Agave's <c>MAX_CPI_INSTRUCTION_ACCOUNTS</c>, 255). It bounds what is kept of each
    /// account behind this, since a meta may name the same few keys millions of times.
    /// </summary>
    public const int MaxInnerAccounts = 255;

    /// <summary>Most accounts that all outer instructions name together: each takes a byte, and the longest transaction format has 4,096.</summary>
    public const int MaxOuterAccounts = 4096;

    // The runtime's calls are at most 9 deep (5 before SIMD-0268); what claims to be deeper is taken to be this deep.
    private const int MaxDepth = 16;

    private readonly Pubkey[] _keys = new Pubkey[WireTransaction.MaxKeys];
    private readonly ProgramEntry?[] _programs = new ProgramEntry?[WireTransaction.MaxKeys]; // of keys that were called
    private TraceStep[] _steps = new TraceStep[64];
    private int _count;

    public int KeyCount { get; private set; }

    /// <summary>Keys at the front that signed.</summary>
    public int SignerCount { get; private set; }

    public ReadOnlySpan<Pubkey> Keys => _keys.AsSpan(0, KeyCount);

    public ReadOnlySpan<TraceStep> Steps => _steps.AsSpan(0, _count);

    /// <summary>What is known about each key that was called as a program; null for other keys.</summary>
    public ReadOnlySpan<ProgramEntry?> Programs => _programs;

    /// <summary>Kinds of all programs that were called, one bit each.</summary>
    public uint KindsCalled { get; private set; }

    /// <summary>Whether a program of a kind was called.</summary>
    public bool Called(ProgramKind kind) => (KindsCalled & (1u << (int)kind)) != 0;

    /// <summary>Resolves keys and lays the instructions out; without meta, loaded keys are zero and there are no inner instructions.</summary>
    public bool TryLoad(in WireTransaction transaction, ReadOnlySpan<byte> wire, in StatusMeta meta, ReadOnlySpan<byte> metaBytes, bool hasMeta, out string? error)
    {
        error = null;
        _count = 0;
        KindsCalled = 0;
        if (!TryLoadKeys(in transaction, in meta, hasMeta, out error))
        {
            return false;
        }

        var inner = meta.InnerInstructions;
        var more = hasMeta && inner.MoveNext();
        var outer = 0;
        if (transaction.InstructionCount > MaxSteps)
        {
            error = $"wire: {transaction.InstructionCount} instructions; at most {MaxSteps} can be decoded";
            return false;
        }

        var accounts = 0;
        foreach (var instruction in transaction.Instructions)
        {
            accounts += instruction.Accounts.Length;
            if (accounts > MaxOuterAccounts)
            {
                error = $"wire: its instructions name more than {MaxOuterAccounts} accounts; no transaction is so long";
                return false;
            }

            if (_count == MaxSteps)
            {
                error = TooMany();
                return false;
            }

            ref var step = ref Add(instruction.ProgramIndex, outer, TraceStep.IsOuter, 1);
            Place(ref step, wire, instruction.Accounts, instruction.Data, inMeta: false);
            for (; more && inner.Current.OuterInstruction == outer; more = inner.MoveNext())
            {
                if (!TryAddInner(inner.Current, metaBytes, out error))
                {
                    return false;
                }
            }

            outer++;
        }

        if (more)
        {
            error = $"meta: inner instructions below outer instruction {inner.Current.OuterInstruction}, which is out of order or does not exist; the transaction has {outer}";
            return false;
        }

        CloseSubtrees();
        return true;
    }

    private bool TryLoadKeys(in WireTransaction transaction, in StatusMeta meta, bool hasMeta, out string? error)
    {
        error = null;
        KeyCount = transaction.KeyCount;
        _programs.AsSpan(0, KeyCount).Clear();
        SignerCount = transaction.RequiredSignatures;
        var statics = transaction.StaticKeys;
        statics.CopyTo(_keys);
        var at = statics.Length;
        if (!hasMeta)
        {
            _keys.AsSpan(at, KeyCount - at).Clear();
            return true;
        }

        if (meta.LoadedWritableCount != transaction.LoadedWritableCount || meta.LoadedReadonlyCount != transaction.LoadedReadonlyCount)
        {
            error = $"meta: {meta.LoadedWritableCount} writable and {meta.LoadedReadonlyCount} readonly keys were loaded, the transaction's lookups ask for "
                + $"{transaction.LoadedWritableCount} and {transaction.LoadedReadonlyCount}";
            return false;
        }

        foreach (ref readonly var key in meta.LoadedWritable)
        {
            _keys[at++] = key;
        }

        foreach (ref readonly var key in meta.LoadedReadonly)
        {
            _keys[at++] = key;
        }

        return true;
    }

    private bool TryAddInner(InnerInstruction instruction, ReadOnlySpan<byte> meta, out string? error)
    {
        error = null;
        if (_count == MaxSteps)
        {
            error = TooMany();
            return false;
        }

        if (instruction.Accounts.Length > MaxInnerAccounts)
        {
            error = $"meta: inner instruction {instruction.Index} below outer instruction {instruction.OuterInstruction} names {instruction.Accounts.Length} accounts; "
                + $"the runtime takes {MaxInnerAccounts} at most";
            return false;
        }

        var outside = instruction.ProgramIndex >= (uint)KeyCount ? (int)instruction.ProgramIndex
            : KeyCount < WireTransaction.MaxKeys && instruction.Accounts.IndexOfAnyInRange((byte)KeyCount, byte.MaxValue) is >= 0 and var place ? instruction.Accounts[place]
            : -1;
        if (outside >= 0 || instruction.Index >= TraceStep.IsOuter)
        {
            error = $"meta: inner instruction {instruction.Index} below outer instruction {instruction.OuterInstruction} names key {outside}; the transaction has {KeyCount}";
            return false;
        }

        ref var step = ref Add((byte)instruction.ProgramIndex, instruction.OuterInstruction, (ushort)instruction.Index, 0);
        step.Depth = instruction.StackHeight != 0 ? (int)Math.Min(instruction.StackHeight, MaxDepth) : GuessDepth(step.Kind);
        Place(ref step, meta, instruction.Accounts, instruction.Data, inMeta: true);
        return true;
    }

    private static string TooMany() => $"meta: more than {MaxSteps} outer and inner instructions; the runtime does not execute so many in one transaction";

    // Old blocks record no depth. There a leaf program's step is taken to belong to the nearest step before it that can invoke.
    private int GuessDepth(ProgramKind kind)
    {
        if (!IsLeaf(kind))
        {
            return 2;
        }

        for (var i = _count - 2; i >= 0 && _steps[i].Outer == _steps[_count - 1].Outer; i--)
        {
            if (!IsLeaf(_steps[i].Kind))
            {
                return _steps[i].Depth + 1;
            }
        }

        return 2;
    }

    private ref TraceStep Add(byte program, int outer, ushort inner, int depth)
    {
        if (_count == _steps.Length)
        {
            Array.Resize(ref _steps, 2 * _count);
        }

        var entry = _programs[program] ??= Look(program);
        ref var step = ref _steps[_count++];
        step = new TraceStep { Program = program, Kind = entry.Kind, Outer = (ushort)outer, Inner = inner, Depth = depth };
        return ref step;
    }

    private ProgramEntry Look(byte program)
    {
        var entry = ProgramTable.Find(in _keys[program]);
        KindsCalled |= 1u << (int)entry.Kind;
        return entry;
    }

    // Programs that invoke no others.
    private static bool IsLeaf(ProgramKind kind) => kind is > ProgramKind.Unknown and < ProgramKind.Aggregator;

    private static void Place(ref TraceStep step, ReadOnlySpan<byte> within, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, bool inMeta)
    {
        step.InMeta = inMeta;
        (step.AccountsStart, step.AccountsLength) = (OffsetOf(within, accounts), accounts.Length);
        (step.DataStart, step.DataLength) = (OffsetOf(within, data), data.Length);
    }

    private static int OffsetOf(ReadOnlySpan<byte> within, ReadOnlySpan<byte> part) =>
        part.IsEmpty ? 0 : (int)System.Runtime.CompilerServices.Unsafe.ByteOffset(ref MemoryMarshal.GetReference(within), ref MemoryMarshal.GetReference(part));

    // Backwards: a step ends where the next one that is not deeper begins, found by leaping from end to end.
    private void CloseSubtrees()
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            ref var step = ref _steps[i];
            var end = i + 1;
            while (end < _count && _steps[end].Outer == step.Outer && _steps[end].Depth > step.Depth)
            {
                end = _steps[end].End;
            }

            step.End = end;
        }
    }
}
