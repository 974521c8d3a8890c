namespace Mev.Sdk.Solana.Internal;

/// <summary>What a program means to the decoder.</summary>
internal enum ProgramKind : byte
{
    Unknown = 0,
    System,
    Vote,
    ComputeBudget,
    Token,
    AssociatedToken,
    Memo,
    Aggregator,
    RaydiumV4,
    RaydiumClmm,
    RaydiumCpmm,
    OrcaWhirlpool,
    MeteoraDlmm,
    PumpFun,
    PumpSwap,
    MeteoraDamm,
}
