namespace Mev.Sdk.Storage.Tests.Archive;

/// <summary>What a transaction of <see cref="ShapedTransactions"/> may have; any of them come together.</summary>
[Flags]
internal enum TransactionShape
{
    Plain = 0,
    Legacy = 1 << 0,
    V0WithLookups = 1 << 1,
    V1 = 1 << 2,
    Vote = 1 << 3,
    FailedInstruction = 1 << 4,
    FailedTransaction = 1 << 5,
    FailedWithText = 1 << 6,
    NoMeta = 1 << 7,
    NestedCalls = 1 << 8,
    CallsNotKept = 1 << 9,
    LogOfCalls = 1 << 10,
    LogTruncated = 1 << 11,
    LogNotKept = 1 << 12,
    TokenBalances = 1 << 13,
    Token2022Balances = 1 << 14,
    Rewards = 1 << 15,
    ReturnData = 1 << 16,
    LargeData = 1 << 17,
    UnknownPrograms = 1 << 18,
    DuplicateKeys = 1 << 19,
    ExtremeNumbers = 1 << 20,
    NoInstructions = 1 << 21,
    ManyInstructions = 1 << 22,
    ManyKeys = 1 << 23,
    NothingAtAll = 1 << 24,
    Swaps = 1 << 25,
    NoUnits = 1 << 26,
}
