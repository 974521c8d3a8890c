using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Instructions;

/// <summary>Says in a sentence why a transaction failed.</summary>
/// <remarks>
/// Sources: <c>TransactionError</c> and <c>InstructionError</c> of the Solana SDK; <c>SystemError</c>; <c>TokenError</c> of SPL Token; the error codes of the Anchor framework; the published errors of
/// Raydium, Orca, Pump.fun and Jupiter. A program's own code that is not listed is left as a number: the log of <see cref="TransactionTrace"/> often spells it out. Thread-safe.
/// </remarks>
public static class FailureText
{
    private static readonly FrozenDictionary<TransactionErrorCode, string> Transactions = new Dictionary<TransactionErrorCode, string>
    {
        [TransactionErrorCode.AccountInUse] = "another transaction of the same batch held one of its accounts",
        [TransactionErrorCode.AccountNotFound] = "an account that pays or is debited does not exist",
        [TransactionErrorCode.ProgramAccountNotFound] = "a program that it calls does not exist",
        [TransactionErrorCode.InsufficientFundsForFee] = "the payer has too few lamports for the fee",
        [TransactionErrorCode.InvalidAccountForFee] = "the payer's account may not pay fees",
        [TransactionErrorCode.AlreadyProcessed] = "it had been processed before",
        [TransactionErrorCode.BlockhashNotFound] = "its blockhash had expired, or is of another fork",
        [TransactionErrorCode.CallChainTooDeep] = "its programs called each other too deeply",
        [TransactionErrorCode.InvalidAccountIndex] = "it names an account that it does not list",
        [TransactionErrorCode.SignatureFailure] = "a signature is wrong",
        [TransactionErrorCode.InvalidProgramForExecution] = "it calls an account that is no program",
        [TransactionErrorCode.SanitizeFailure] = "its parts contradict each other",
        [TransactionErrorCode.WouldExceedMaxBlockCostLimit] = "the block had no room for it",
        [TransactionErrorCode.WouldExceedMaxAccountCostLimit] = "the block's share for one of its accounts was used up",
        [TransactionErrorCode.TooManyAccountLocks] = "it locks too many accounts",
        [TransactionErrorCode.AddressLookupTableNotFound] = "a lookup table that it names does not exist",
        [TransactionErrorCode.InvalidAddressLookupTableIndex] = "it asks a lookup table for an entry that is not there",
        [TransactionErrorCode.InsufficientFundsForRent] = "an account would be left with too few lamports to be exempt from rent",
        [TransactionErrorCode.MaxLoadedAccountsDataSizeExceeded] = "its accounts hold more data than it asked for",
        [TransactionErrorCode.UnbalancedTransaction] = "lamports would have come from nowhere or vanished",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<InstructionErrorCode, string> Instructions = new Dictionary<InstructionErrorCode, string>
    {
        [InstructionErrorCode.InvalidArgument] = "an argument was not valid",
        [InstructionErrorCode.InvalidInstructionData] = "the program does not know such data",
        [InstructionErrorCode.InvalidAccountData] = "an account held something else than the program expects",
        [InstructionErrorCode.InsufficientFunds] = "an account had too few lamports",
        [InstructionErrorCode.IncorrectProgramId] = "an account belongs to another program",
        [InstructionErrorCode.MissingRequiredSignature] = "a signature that the program requires is missing",
        [InstructionErrorCode.AccountAlreadyInitialized] = "an account was initialised before",
        [InstructionErrorCode.UninitializedAccount] = "an account was not initialised",
        [InstructionErrorCode.NotEnoughAccountKeys] = "the instruction names too few accounts",
        [InstructionErrorCode.MissingAccount] = "an account that the program needs is missing",
        [InstructionErrorCode.ComputationalBudgetExceeded] = "it used up its compute units",
        [InstructionErrorCode.ProgramFailedToComplete] = "the program stopped: it crashed or used up its compute units",
        [InstructionErrorCode.PrivilegeEscalation] = "a called program was given a right that its caller does not have",
        [InstructionErrorCode.InvalidSeeds] = "an address does not follow from its seeds",
        [InstructionErrorCode.InvalidAccountOwner] = "an account has another owner than the program expects",
        [InstructionErrorCode.ArithmeticOverflow] = "a calculation exceeded its range",
        [InstructionErrorCode.AccountNotRentExempt] = "an account would not be exempt from rent",
        [InstructionErrorCode.UnsupportedProgramId] = "the called program does not exist",
        [InstructionErrorCode.CallDepth] = "programs called each other too deeply",
        [InstructionErrorCode.ReentrancyNotAllowed] = "a program was called again from below itself",
        [InstructionErrorCode.Immutable] = "an account that may not change was written",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<uint, string> System = new Dictionary<uint, string>
    {
        [0] = "the account exists already", [1] = "the payer has too few lamports", [2] = "the program may not own that account", [3] = "the account would be too large",
        [5] = "the address does not follow from its seed",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<uint, string> Token = new Dictionary<uint, string>
    {
        [0] = "the account would not be exempt from rent", [1] = "the account holds too few tokens", [2] = "the mint is not valid", [3] = "the accounts are of different mints",
        [4] = "the authority does not own the account", [5] = "the supply is fixed", [6] = "the account is in use", [9] = "the account was not initialised", [11] = "the account still holds tokens",
        [14] = "a calculation exceeded its range", [17] = "the account is frozen", [18] = "the mint has other decimals",
    }.ToFrozenDictionary();

    // Framework errors: 100s instructions, 2000s constraints, 3000s accounts, 4000s the rest.
    private static readonly FrozenDictionary<uint, string> Anchor = new Dictionary<uint, string>
    {
        [100] = "the instruction has no discriminator", [101] = "the program has no such instruction", [102] = "the arguments could not be read", [2000] = "an account may not be written",
        [2001] = "an account does not belong to another one named", [2002] = "a signature is missing", [2003] = "a condition of the program does not hold", [2004] = "an account has another owner than the program expects",
        [2006] = "an address does not follow from its seeds", [2012] = "an account is not the one that the program expects", [2014] = "a token account is of another mint", [2015] = "a token account has another owner",
        [3001] = "an account has no discriminator", [3002] = "an account is of another kind", [3003] = "an account could not be read", [3005] = "the instruction names too few accounts",
        [3007] = "an account belongs to another program", [3008] = "a program is not the one that is expected", [3010] = "a signature is missing", [3012] = "an account was not initialised",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<(Pubkey, uint), string> Programs = new Dictionary<(Pubkey, uint), string>
    {
        [(KnownPrograms.RaydiumV4, 30)] = "slippage: the swap would give less than the minimum",
        [(KnownPrograms.RaydiumV4, 40)] = "too few tokens",
        [(KnownPrograms.RaydiumClmm, 6022)] = "slippage: the swap would give less than the minimum",
        [(KnownPrograms.RaydiumCpmm, 6005)] = "slippage: the swap would give less than the minimum",
        [(KnownPrograms.OrcaWhirlpool, 6036)] = "slippage: the swap would give less than the minimum",
        [(KnownPrograms.OrcaWhirlpool, 6037)] = "slippage: the swap would take more than the maximum",
        [(KnownPrograms.MeteoraDlmm, 6003)] = "slippage: the swap would give less than the minimum",
        [(KnownPrograms.PumpFun, 6002)] = "slippage: the tokens would cost more SOL than the maximum",
        [(KnownPrograms.PumpFun, 6003)] = "slippage: the tokens would bring less SOL than the minimum",
        [(KnownPrograms.PumpFun, 6005)] = "the bonding curve has completed",
        [(KnownPrograms.PumpSwap, 6004)] = "slippage: the swap would exceed its limit",
        [(KnownPrograms.JupiterV6, 6001)] = "slippage: the route would give less than the minimum",
    }.ToFrozenDictionary();

    /// <summary>Describes an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="program">The program that gave up, see <see cref="TransactionTrace.FailedProgram"/>; null = not known, then its own codes stay numbers.</param>
    /// <returns>A sentence without a full stop; empty when nothing failed.</returns>
    public static string Describe(in TransactionError error, Pubkey? program = null)
    {
        switch (error.Code)
        {
            case TransactionErrorCode.None:
                return "";
            case TransactionErrorCode.InstructionError:
                var place = string.Create(CultureInfo.InvariantCulture, $"Instruction {error.InstructionIndex + 1} failed");
                var who = program is { } key ? $" in {ProgramNames.Find(in key) ?? key.ToString()}" : "";
                return $"{place}{who}: {Reason(in error, program)}";
            case TransactionErrorCode.DuplicateInstruction:
                return string.Create(CultureInfo.InvariantCulture, $"Instruction {error.InstructionIndex + 1} is there twice");
            default:
                return Capital(Transactions.GetValueOrDefault(error.Code) ?? Words(error.Code.ToString()));
        }
    }

    private static string Reason(in TransactionError error, Pubkey? program)
    {
        if (error.InstructionCode != InstructionErrorCode.Custom)
        {
            return Instructions.GetValueOrDefault(error.InstructionCode) ?? Words(error.InstructionCode.ToString());
        }

        var code = error.CustomCode;
        var number = string.Create(CultureInfo.InvariantCulture, $"custom error {code} (0x{code:x})");
        var text = program switch
        {
            null => null,
            { } key when key == KnownPrograms.System => System.GetValueOrDefault(code),
            { } key when key == KnownPrograms.Token || key == KnownPrograms.Token2022 => Token.GetValueOrDefault(code),
            { } key => Programs.GetValueOrDefault((key, code)) ?? (key == KnownPrograms.RaydiumV4 ? null : Anchor.GetValueOrDefault(code)),
        };
        return text is null ? number : $"{text}; {number}";
    }

    private static string Words(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            text.Append(char.IsUpper(letter) && text.Length > 0 ? " " : "").Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
