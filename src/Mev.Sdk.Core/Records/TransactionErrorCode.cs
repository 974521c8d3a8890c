namespace Mev.Sdk.Records;

/// <summary>Solana's <c>TransactionError</c> by stable id: the variant's index in its Rust enum plus one; stable on the wire and on disk.</summary>
public enum TransactionErrorCode : ushort
{
    /// <summary>It did not fail.</summary>
    None = 0,

    /// <summary><c>AccountInUse</c>.</summary>
    AccountInUse = 1,

    /// <summary><c>AccountLoadedTwice</c>.</summary>
    AccountLoadedTwice = 2,

    /// <summary><c>AccountNotFound</c>.</summary>
    AccountNotFound = 3,

    /// <summary><c>ProgramAccountNotFound</c>.</summary>
    ProgramAccountNotFound = 4,

    /// <summary><c>InsufficientFundsForFee</c>.</summary>
    InsufficientFundsForFee = 5,

    /// <summary><c>InvalidAccountForFee</c>.</summary>
    InvalidAccountForFee = 6,

    /// <summary><c>AlreadyProcessed</c>.</summary>
    AlreadyProcessed = 7,

    /// <summary><c>BlockhashNotFound</c>.</summary>
    BlockhashNotFound = 8,

    /// <summary><c>InstructionError</c>.</summary>
    InstructionError = 9,

    /// <summary><c>CallChainTooDeep</c>.</summary>
    CallChainTooDeep = 10,

    /// <summary><c>MissingSignatureForFee</c>.</summary>
    MissingSignatureForFee = 11,

    /// <summary><c>InvalidAccountIndex</c>.</summary>
    InvalidAccountIndex = 12,

    /// <summary><c>SignatureFailure</c>.</summary>
    SignatureFailure = 13,

    /// <summary><c>InvalidProgramForExecution</c>.</summary>
    InvalidProgramForExecution = 14,

    /// <summary><c>SanitizeFailure</c>.</summary>
    SanitizeFailure = 15,

    /// <summary><c>ClusterMaintenance</c>.</summary>
    ClusterMaintenance = 16,

    /// <summary><c>AccountBorrowOutstanding</c>.</summary>
    AccountBorrowOutstanding = 17,

    /// <summary><c>WouldExceedMaxBlockCostLimit</c>.</summary>
    WouldExceedMaxBlockCostLimit = 18,

    /// <summary><c>UnsupportedVersion</c>.</summary>
    UnsupportedVersion = 19,

    /// <summary><c>InvalidWritableAccount</c>.</summary>
    InvalidWritableAccount = 20,

    /// <summary><c>WouldExceedMaxAccountCostLimit</c>.</summary>
    WouldExceedMaxAccountCostLimit = 21,

    /// <summary><c>WouldExceedAccountDataBlockLimit</c>.</summary>
    WouldExceedAccountDataBlockLimit = 22,

    /// <summary><c>TooManyAccountLocks</c>.</summary>
    TooManyAccountLocks = 23,

    /// <summary><c>AddressLookupTableNotFound</c>.</summary>
    AddressLookupTableNotFound = 24,

    /// <summary><c>InvalidAddressLookupTableOwner</c>.</summary>
    InvalidAddressLookupTableOwner = 25,

    /// <summary><c>InvalidAddressLookupTableData</c>.</summary>
    InvalidAddressLookupTableData = 26,

    /// <summary><c>InvalidAddressLookupTableIndex</c>.</summary>
    InvalidAddressLookupTableIndex = 27,

    /// <summary><c>InvalidRentPayingAccount</c>.</summary>
    InvalidRentPayingAccount = 28,

    /// <summary><c>WouldExceedMaxVoteCostLimit</c>.</summary>
    WouldExceedMaxVoteCostLimit = 29,

    /// <summary><c>WouldExceedAccountDataTotalLimit</c>.</summary>
    WouldExceedAccountDataTotalLimit = 30,

    /// <summary><c>DuplicateInstruction</c>.</summary>
    DuplicateInstruction = 31,

    /// <summary><c>InsufficientFundsForRent</c>.</summary>
    InsufficientFundsForRent = 32,

    /// <summary><c>MaxLoadedAccountsDataSizeExceeded</c>.</summary>
    MaxLoadedAccountsDataSizeExceeded = 33,

    /// <summary><c>InvalidLoadedAccountsDataSizeLimit</c>.</summary>
    InvalidLoadedAccountsDataSizeLimit = 34,

    /// <summary><c>ResanitizationNeeded</c>.</summary>
    ResanitizationNeeded = 35,

    /// <summary><c>ProgramExecutionTemporarilyRestricted</c>.</summary>
    ProgramExecutionTemporarilyRestricted = 36,

    /// <summary><c>UnbalancedTransaction</c>.</summary>
    UnbalancedTransaction = 37,

    /// <summary><c>ProgramCacheHitMaxLimit</c>.</summary>
    ProgramCacheHitMaxLimit = 38,

    /// <summary><c>CommitCancelled</c>.</summary>
    CommitCancelled = 39,

    /// <summary>A variant this version does not know.</summary>
    /// <remarks>Not 65535, which SBE takes for "no value" in 16 bits: generated codecs have a name of their own for it.</remarks>
    Other = 65534,
}
