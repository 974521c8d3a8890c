namespace Mev.Sdk.Solana.Instructions;

/// <summary>One executed instruction, outer or inner, decoded as far as this library describes it.</summary>
public sealed record TracedInstruction
{
    /// <summary><see cref="InnerInstruction"/> of an outer instruction.</summary>
    public const ushort IsOuter = ushort.MaxValue;

    /// <summary>The outer instruction that it is, or ran below, from 0.</summary>
    public required ushort OuterInstruction { get; init; }

    /// <summary>Its place below that one, from 0, in order of execution; 65,535 = it is the outer instruction itself.</summary>
    public required ushort InnerInstruction { get; init; }

    /// <summary>Depth of the call: 1 = outer. Guessed where an old block does not record it.</summary>
    public required int Depth { get; init; }

    /// <summary>Index, within <see cref="TransactionTrace.Instructions"/>, of the instruction that invoked it; -1 = it is an outer one.</summary>
    public required int Parent { get; init; }

    /// <summary>The program's account.</summary>
    public required TransactionAccount Program { get; init; }

    /// <summary>The program's name; null = not known to this library.</summary>
    public string? ProgramName { get; init; }

    /// <summary>
    /// The instruction's name; null = its data fits nothing that this library describes. For a program that is not described it is a name whose Anchor
    /// discriminator the data begins with.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Its accounts in order.</summary>
    public required IReadOnlyList<InstructionAccount> Accounts { get; init; }

    /// <summary>Its arguments in order; empty when they are not described, or when the data ends before them.</summary>
    public IReadOnlyList<InstructionField> Fields { get; init; } = [];

    /// <summary>What the program got. A copy: it lives on its own.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Compute units that it and what it invoked consumed, by the log; null = the log does not say (programs of the runtime log none, and logs are cut).</summary>
    public long? ComputeUnits { get; init; }
}
