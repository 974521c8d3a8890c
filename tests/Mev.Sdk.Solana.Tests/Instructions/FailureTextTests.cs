using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Instructions;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Tests.Instructions;

public sealed class FailureTextTests
{
    [Fact]
    public void Describe_names_place_program_and_reason()
    {
        Assert.Equal("", FailureText.Describe(default));
        Assert.Equal("The payer has too few lamports for the fee", FailureText.Describe(new TransactionError(TransactionErrorCode.InsufficientFundsForFee)));
        Assert.Equal("Cluster maintenance", FailureText.Describe(new TransactionError(TransactionErrorCode.ClusterMaintenance)));
        Assert.Equal("Instruction 3 is there twice", FailureText.Describe(new TransactionError(TransactionErrorCode.DuplicateInstruction, InstructionIndex: 2)));
        Assert.Equal(
            "Instruction 3 failed in Raydium v4: slippage: the swap would give less than the minimum; custom error 30 (0x1e)",
            FailureText.Describe(TransactionError.Instruction(2, InstructionErrorCode.Custom, 30), KnownPrograms.RaydiumV4));
        Assert.Equal("Instruction 1 failed: custom error 6001 (0x1771)", FailureText.Describe(TransactionError.Instruction(0, InstructionErrorCode.Custom, 6001)));
        Assert.Equal(
            "Instruction 1 failed in Jupiter v6: it used up its compute units",
            FailureText.Describe(TransactionError.Instruction(0, InstructionErrorCode.ComputationalBudgetExceeded), KnownPrograms.JupiterV6));
        Assert.Equal("Instruction 1 failed: borsh io error", FailureText.Describe(TransactionError.Instruction(0, InstructionErrorCode.BorshIoError)));
        Assert.Contains("the payer has too few lamports", FailureText.Describe(TransactionError.Instruction(0, InstructionErrorCode.Custom, 1), KnownPrograms.System), StringComparison.Ordinal);
        Assert.Contains("an account was not initialised", FailureText.Describe(TransactionError.Instruction(0, InstructionErrorCode.Custom, 3012), Samples.Key(7)), StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_says_something_for_every_code()
    {
        foreach (var code in Enum.GetValues<TransactionErrorCode>().Where(static c => c != TransactionErrorCode.None))
        {
            Assert.NotEqual("", FailureText.Describe(new TransactionError(code)));
        }

        foreach (var code in Enum.GetValues<InstructionErrorCode>().Where(static c => c != InstructionErrorCode.None))
        {
            Assert.Matches("^Instruction 2 failed: .+", FailureText.Describe(TransactionError.Instruction(1, code)));
        }
    }

    [Fact]
    public void Names_cover_every_venue_and_lead_back_to_it()
    {
        foreach (var venue in Enum.GetValues<VenueId>())
        {
            foreach (ref readonly var program in ProgramNames.ProgramsOf(venue))
            {
                Assert.Equal(ProgramNames.Of(venue), ProgramNames.Find(in program));
                Assert.Equal(venue, ProgramNames.VenueOf(in program));
            }

            Assert.Equal(venue is VenueId.Unknown or VenueId.JupiterV6, ProgramNames.ProgramsOf(venue).IsEmpty);
            Assert.Equal(venue == VenueId.Unknown, ProgramNames.Of(venue) == "Unknown venue");
        }

        Assert.Equal("System program", ProgramNames.Find(KnownPrograms.System));
        Assert.Equal("Jito tip account", ProgramNames.Find(in JitoTips.Accounts[0]));
        Assert.Equal("Sysvar: clock", ProgramNames.Find(Pubkey.Parse("SysvarC1ock11111111111111111111111111111111")));
        Assert.Null(ProgramNames.Find(Samples.Key(3)));
    }
}
