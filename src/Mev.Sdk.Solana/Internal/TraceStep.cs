namespace Mev.Sdk.Solana.Internal;

/// <summary>One executed instruction, outer or inner, in order of execution.</summary>
internal struct TraceStep
{
    /// <summary><see cref="Inner"/> of an outer instruction.</summary>
    public const ushort IsOuter = ushort.MaxValue;

    public ProgramKind Kind;
    public byte Program;
    public bool InMeta;
    public ushort Outer;
    public ushort Inner;
    public int Depth;

    /// <summary>Behind the last step that it invoked.</summary>
    public int End;

    public int AccountsStart;
    public int AccountsLength;
    public int DataStart;
    public int DataLength;
}
