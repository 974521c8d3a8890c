namespace Mev.Sdk.Records;

/// <summary>Solana's <c>InstructionError</c> by stable id: the variant's index in its Rust enum plus one; stable on the wire and on disk.</summary>
public enum InstructionErrorCode : ushort
{
    /// <summary>Not an instruction's error.</summary>
    None = 0,

    /// <summary><c>GenericError</c>.</summary>
    GenericError = 1,

    /// <summary><c>InvalidArgument</c>.</summary>
    InvalidArgument = 2,

    /// <summary><c>InvalidInstructionData</c>.</summary>
    InvalidInstructionData = 3,

    /// <summary><c>InvalidAccountData</c>.</summary>
    InvalidAccountData = 4,

    /// <summary><c>AccountDataTooSmall</c>.</summary>
    AccountDataTooSmall = 5,

    /// <summary><c>InsufficientFunds</c>.</summary>
    InsufficientFunds = 6,

    /// <summary><c>IncorrectProgramId</c>.</summary>
    IncorrectProgramId = 7,

    /// <summary><c>MissingRequiredSignature</c>.</summary>
    MissingRequiredSignature = 8,

    /// <summary><c>AccountAlreadyInitialized</c>.</summary>
    AccountAlreadyInitialized = 9,

    /// <summary><c>UninitializedAccount</c>.</summary>
    UninitializedAccount = 10,

    /// <summary><c>UnbalancedInstruction</c>.</summary>
    UnbalancedInstruction = 11,

    /// <summary><c>ModifiedProgramId</c>.</summary>
    ModifiedProgramId = 12,

    /// <summary><c>ExternalAccountLamportSpend</c>.</summary>
    ExternalAccountLamportSpend = 13,

    /// <summary><c>ExternalAccountDataModified</c>.</summary>
    ExternalAccountDataModified = 14,

    /// <summary><c>ReadonlyLamportChange</c>.</summary>
    ReadonlyLamportChange = 15,

    /// <summary><c>ReadonlyDataModified</c>.</summary>
    ReadonlyDataModified = 16,

    /// <summary><c>DuplicateAccountIndex</c>.</summary>
    DuplicateAccountIndex = 17,

    /// <summary><c>ExecutableModified</c>.</summary>
    ExecutableModified = 18,

    /// <summary><c>RentEpochModified</c>.</summary>
    RentEpochModified = 19,

    /// <summary><c>NotEnoughAccountKeys</c>.</summary>
    NotEnoughAccountKeys = 20,

    /// <summary><c>AccountDataSizeChanged</c>.</summary>
    AccountDataSizeChanged = 21,

    /// <summary><c>AccountNotExecutable</c>.</summary>
    AccountNotExecutable = 22,

    /// <summary><c>AccountBorrowFailed</c>.</summary>
    AccountBorrowFailed = 23,

    /// <summary><c>AccountBorrowOutstanding</c>.</summary>
    AccountBorrowOutstanding = 24,

    /// <summary><c>DuplicateAccountOutOfSync</c>.</summary>
    DuplicateAccountOutOfSync = 25,

    /// <summary><c>Custom</c>.</summary>
    Custom = 26,

    /// <summary><c>InvalidError</c>.</summary>
    InvalidError = 27,

    /// <summary><c>ExecutableDataModified</c>.</summary>
    ExecutableDataModified = 28,

    /// <summary><c>ExecutableLamportChange</c>.</summary>
    ExecutableLamportChange = 29,

    /// <summary><c>ExecutableAccountNotRentExempt</c>.</summary>
    ExecutableAccountNotRentExempt = 30,

    /// <summary><c>UnsupportedProgramId</c>.</summary>
    UnsupportedProgramId = 31,

    /// <summary><c>CallDepth</c>.</summary>
    CallDepth = 32,

    /// <summary><c>MissingAccount</c>.</summary>
    MissingAccount = 33,

    /// <summary><c>ReentrancyNotAllowed</c>.</summary>
    ReentrancyNotAllowed = 34,

    /// <summary><c>MaxSeedLengthExceeded</c>.</summary>
    MaxSeedLengthExceeded = 35,

    /// <summary><c>InvalidSeeds</c>.</summary>
    InvalidSeeds = 36,

    /// <summary><c>InvalidRealloc</c>.</summary>
    InvalidRealloc = 37,

    /// <summary><c>ComputationalBudgetExceeded</c>.</summary>
    ComputationalBudgetExceeded = 38,

    /// <summary><c>PrivilegeEscalation</c>.</summary>
    PrivilegeEscalation = 39,

    /// <summary><c>ProgramEnvironmentSetupFailure</c>.</summary>
    ProgramEnvironmentSetupFailure = 40,

    /// <summary><c>ProgramFailedToComplete</c>.</summary>
    ProgramFailedToComplete = 41,

    /// <summary><c>ProgramFailedToCompile</c>.</summary>
    ProgramFailedToCompile = 42,

    /// <summary><c>Immutable</c>.</summary>
    Immutable = 43,

    /// <summary><c>IncorrectAuthority</c>.</summary>
    IncorrectAuthority = 44,

    /// <summary><c>BorshIoError</c>.</summary>
    BorshIoError = 45,

    /// <summary><c>AccountNotRentExempt</c>.</summary>
    AccountNotRentExempt = 46,

    /// <summary><c>InvalidAccountOwner</c>.</summary>
    InvalidAccountOwner = 47,

    /// <summary><c>ArithmeticOverflow</c>.</summary>
    ArithmeticOverflow = 48,

    /// <summary><c>UnsupportedSysvar</c>.</summary>
    UnsupportedSysvar = 49,

    /// <summary><c>IllegalOwner</c>.</summary>
    IllegalOwner = 50,

    /// <summary><c>MaxAccountsDataAllocationsExceeded</c>.</summary>
    MaxAccountsDataAllocationsExceeded = 51,

    /// <summary><c>MaxAccountsExceeded</c>.</summary>
    MaxAccountsExceeded = 52,

    /// <summary><c>MaxInstructionTraceLengthExceeded</c>.</summary>
    MaxInstructionTraceLengthExceeded = 53,

    /// <summary><c>BuiltinProgramsMustConsumeComputeUnits</c>.</summary>
    BuiltinProgramsMustConsumeComputeUnits = 54,

    /// <summary>A variant this version does not know.</summary>
    /// <remarks>Not 65535, which SBE takes for "no value" in 16 bits: generated codecs have a name of their own for it.</remarks>
    Other = 65534,
}
