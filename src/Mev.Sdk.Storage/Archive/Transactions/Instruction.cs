namespace Mev.Sdk.Storage.Archive.Transactions;

/// <summary>One instruction, outer or inner, in order of execution.</summary>
internal struct Instruction
{
    /// <summary>Position of its program among the transaction's keys.</summary>
    public int Program;
    public int AccountsAt;
    public int AccountsCount;
    public int DataAt;
    public int DataLength;

    /// <summary>Ordinal of the outer instruction that it is or runs below.</summary>
    public int Outer;

    /// <summary>1 = outer; else the stack height that the meta records, 0 = none recorded.</summary>
    public int Height;

    /// <summary>Step that called it; -1 for an outer instruction.</summary>
    public int Parent;

    /// <summary>Program, length of data and its first byte as one context.</summary>
    public uint Shape;

    /// <summary>Where the history of the transaction holds its data.</summary>
    public int HistoryAt;

    public readonly bool IsOuter => Height == 1;
}
