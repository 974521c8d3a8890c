namespace Mev.Sdk.Solana.Meta;

/// <summary>One instruction that a program invoked, where it stands.</summary>
/// <remarks>Borrows the meta's bytes.</remarks>
public readonly ref struct InnerInstruction
{
    internal InnerInstruction(int outer, int index, uint program, ReadOnlySpan<byte> accounts, ReadOnlySpan<byte> data, uint stackHeight)
    {
        OuterInstruction = outer;
        Index = index;
        ProgramIndex = program;
        Accounts = accounts;
        Data = data;
        StackHeight = stackHeight;
    }

    /// <summary>The outer instruction below which it ran, from 0.</summary>
    public int OuterInstruction { get; }

    /// <summary>Its place below that outer instruction, from 0, in order of execution.</summary>
    public int Index { get; }

    /// <summary>Index of the program in the transaction's keys.</summary>
    public uint ProgramIndex { get; }

    /// <summary>Indices of the accounts.</summary>
    public ReadOnlySpan<byte> Accounts { get; }

    /// <summary>What the program got.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Depth of the call: 2 = invoked by an outer instruction's program; 0 = not recorded (old blocks).</summary>
    public uint StackHeight { get; }
}
