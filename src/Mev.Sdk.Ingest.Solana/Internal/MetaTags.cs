namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Field numbers of <c>solana-storage.proto</c> (package <c>solana.storage.ConfirmedBlock</c>).</summary>
internal static class MetaTags
{
    // TransactionStatusMeta
    public const int Error = 1;
    public const int Fee = 2;
    public const int PreBalances = 3;
    public const int PostBalances = 4;
    public const int InnerInstructions = 5;
    public const int LogMessages = 6;
    public const int PreTokenBalances = 7;
    public const int PostTokenBalances = 8;
    public const int InnerInstructionsNone = 10;
    public const int LogMessagesNone = 11;
    public const int LoadedWritable = 12;
    public const int LoadedReadonly = 13;
    public const int ReturnData = 14;
    public const int ReturnDataNone = 15;
    public const int ComputeUnitsConsumed = 16;

    // TransactionError
    public const int ErrorBytes = 1;

    // InnerInstructions
    public const int GroupIndex = 1;
    public const int GroupInstructions = 2;

    // InnerInstruction
    public const int ProgramIndex = 1;
    public const int Accounts = 2;
    public const int Data = 3;
    public const int StackHeight = 4;

    // TokenBalance
    public const int AccountIndex = 1;
    public const int Mint = 2;
    public const int UiTokenAmount = 3;
    public const int Owner = 4;
    public const int TokenProgram = 5;

    // UiTokenAmount
    public const int UiAmount = 1;
    public const int Decimals = 2;
    public const int Amount = 3;
    public const int UiAmountText = 4;

    // ReturnData
    public const int ReturnProgram = 1;
    public const int ReturnBytes = 2;
}
