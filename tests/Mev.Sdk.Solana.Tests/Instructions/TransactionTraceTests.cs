using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Effects;
using Mev.Sdk.Solana.Instructions;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Tests.Instructions;

public sealed class TransactionTraceTests
{
    private static readonly Pubkey Wallet = Samples.Key(10);
    private static readonly Pubkey Target = Samples.Key(11);
    private static readonly Pubkey Unknown = Samples.Key(60);

    [Fact]
    public void TryRead_transfer_is_named_with_its_accounts_and_arguments()
    {
        var wire = Wire([2, 0, 0, 0, 64, 66, 15, 0, 0, 0, 0, 0], KnownPrograms.System);
        Assert.True(TransactionTrace.TryRead(wire, [], out var trace, out var error), error);

        var instruction = Assert.Single(trace.Instructions);
        Assert.Equal(("System program", "transfer", 1, -1), (instruction.ProgramName, instruction.Name, instruction.Depth, instruction.Parent));
        Assert.Equal(["source", "destination"], instruction.Accounts.Select(static a => a.Name));
        Assert.Equal([Wallet, Target], instruction.Accounts.Select(static a => a.Account.Key));
        Assert.Equal(new InstructionField("lamports", "1000000"), Assert.Single(instruction.Fields));
        Assert.True(instruction.Accounts[0].Account is { IsSigner: true, IsWritable: true });
        Assert.False(instruction.Program.IsWritable);
        Assert.False(trace.HasMeta);
    }

    [Fact]
    public void TryRead_data_that_ends_early_keeps_the_name_and_what_is_whole()
    {
        var token = Trace(Wire([12, 1, 0, 0, 0, 0, 0, 0, 0], KnownPrograms.Token));
        Assert.Equal("transferChecked", token.Name);
        Assert.Equal(["amount"], token.Fields.Select(static f => f.Name));

        var unknown = Trace(Wire([200], KnownPrograms.Token));
        Assert.Null(unknown.Name);
        Assert.Empty(unknown.Fields);
        Assert.Equal(200, unknown.Data.Span[0]);
    }

    [Theory]
    [InlineData("route", "route")]
    [InlineData("shared_accounts_route", "sharedAccountsRoute")]
    public void TryRead_route_shows_its_slippage_from_the_end_of_the_data(string snake, string name)
    {
        // A plan of any length, then in amount, quoted out amount, slippage, fee.
        byte[] tail = [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 50, 0, 7];
        var instruction = Trace(Wire([.. InstructionLayout.Discriminator(snake), 9, 9, 9, .. tail], KnownPrograms.JupiterV6));
        Assert.Equal(name, instruction.Name);
        Assert.Equal("inAmount=1 quotedOutAmount=2 slippageBps=50 platformFeeBps=7", string.Join(' ', instruction.Fields.Select(static f => $"{f.Name}={f.Value}")));
    }

    [Fact]
    public void TryRead_unknown_program_is_named_only_where_its_discriminator_proves_it()
    {
        Assert.Equal("swapBaseInput", Trace(Wire(InstructionLayout.Discriminator("swap_base_input"), Unknown)).Name);
        var opaque = Trace(Wire([1, 2, 3, 4, 5, 6, 7, 8], Unknown));
        Assert.Null(opaque.Name);
        Assert.Null(opaque.ProgramName);
        Assert.All(opaque.Accounts, static a => Assert.Null(a.Name));
    }

    [Fact]
    public void TryRead_inner_instructions_form_a_tree_with_their_compute_units()
    {
        var wire = Wire([1], Unknown, KnownPrograms.Token);
        var log = $"""
            Program {Unknown} invoke [1]
            Program {KnownPrograms.Token} invoke [2]
            Program log: Instruction: Transfer
            Program log: Error: insufficient funds
            Program {KnownPrograms.Token} consumed 4645 of 190000 compute units
            Program {KnownPrograms.Token} success
            Program {KnownPrograms.Token} invoke [2]
            Program {KnownPrograms.Token} consumed 100 of 180000 compute units
            Program {KnownPrograms.Token} failed: custom program error: 0x1
            Program {Unknown} consumed 30000 of 200000 compute units
            Program {Unknown} failed: custom program error: 0x1
            """;
        var meta = new StatusMetaBuilder()
            .AddInnerInstruction(0, 3, [0, 1], [3, 5, 0, 0, 0, 0, 0, 0, 0], 2)
            .AddInnerInstruction(0, 3, [0, 1], [3, 6, 0, 0, 0, 0, 0, 0, 0], 2)
            .SetError(TransactionError.Instruction(0, InstructionErrorCode.Custom, 1));
        foreach (var line in log.Split('\n'))
        {
            meta.AddLogMessage(line);
        }

        Assert.True(TransactionTrace.TryRead(wire, meta.ToArray(), out var trace, out var error), error);
        Assert.Equal([(1, -1, 30000L), (2, 0, 4645L), (2, 0, 100L)], trace.Instructions.Select(static i => (i.Depth, i.Parent, i.ComputeUnits!.Value)));
        Assert.Equal([TracedInstruction.IsOuter, (ushort)0, (ushort)1], trace.Instructions.Select(static i => i.InnerInstruction));
        Assert.Equal(KnownPrograms.Token, trace.FailedProgram);
        Assert.Equal("Instruction 1 failed in Token program: the account holds too few tokens; custom error 1 (0x1)", FailureText.Describe(trace.Error, trace.FailedProgram));
        Assert.Equal(11, trace.Log.Count);
        Assert.Equal("insufficient funds", trace.ErrorMessage);
    }

    [Fact]
    public void TryRead_loaded_accounts_name_their_table_and_place()
    {
        var wire = Samples.V0().ToArray();
        var meta = new StatusMetaBuilder().AddLoadedWritable(Samples.Key(70)).AddLoadedWritable(Samples.Key(71)).AddLoadedReadonly(Samples.Key(72)).ToArray();
        Assert.True(TransactionTrace.TryRead(wire, meta, out var trace, out var error), error);
        Assert.Equal(
            [(Samples.Key(70), (byte)4, true), (Samples.Key(71), (byte)5, true), (Samples.Key(72), (byte)9, false)],
            trace.Accounts.Where(static a => a.IsLoaded).Select(static a => (a.Key, a.LookupIndex, a.IsWritable)));
        Assert.All(trace.Accounts.Where(static a => a.IsLoaded), static a => Assert.Equal(Samples.Key(50), a.LookupTable));

        // Without meta the tables are known, the keys are not.
        Assert.True(TransactionTrace.TryRead(wire, [], out trace, out _));
        Assert.Equal(3, trace.Accounts.Count(static a => a.IsLoaded && a.Key.IsZero));
    }

    [Fact]
    public void TryRead_refuses_with_the_place()
    {
        Assert.False(TransactionTrace.TryRead([1, 2], [], out var trace, out var error));
        Assert.Null(trace);
        Assert.StartsWith("wire: ", error, StringComparison.Ordinal);
        Assert.False(TransactionTrace.TryRead(Samples.Legacy().ToArray(), [0xFF], out _, out error));
        Assert.StartsWith("meta: ", error, StringComparison.Ordinal);
        Assert.False(BalanceChanges.TryRead([1], [], out _, out error));
        Assert.StartsWith("wire: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_transactions_read_whole_with_most_instructions_named()
    {
        var (instructions, named, programs, units) = (0, 0, 0, 0);
        foreach (var parts in RealData.BlockParts)
        {
            Assert.True(TransactionTrace.TryRead(parts.Wire, parts.Meta, out var trace, out var error), error);
            for (var i = 0; i < trace.Instructions.Count; i++)
            {
                var instruction = trace.Instructions[i];
                Assert.True(instruction.Parent < i);
                Assert.Equal(instruction.Parent < 0, instruction.InnerInstruction == TracedInstruction.IsOuter);
                Assert.Equal(instruction.Parent < 0 ? 1 : trace.Instructions[instruction.Parent].Depth + 1, instruction.Depth);
                instructions++;
                named += instruction.Name is null ? 0 : 1;
                programs += instruction.ProgramName is null ? 0 : 1;
                units += instruction.ComputeUnits is null ? 0 : 1;
            }

            Assert.True(BalanceChanges.TryRead(parts.Wire, parts.Meta, out var changes, out error), error);
            Assert.Equal(trace.Accounts[0].Key, changes.Lamports[0].Account); // everybody pays a fee
            Assert.Equal(
                (Int128)FeeOf(parts.Meta), changes.Lamports.Aggregate((Int128)0, static (sum, change) => sum + change.Before - change.After));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{instructions} instructions, {named} named, {programs} of named programs, {units} with compute units"));
        // Measured: 2,976 instructions, 2,481 of named programs, 2,353 named; the others are bots' own.
        Assert.InRange((double)programs / instructions, 0.8, 1);
        Assert.InRange((double)named / programs, 0.9, 1);
        Assert.InRange((double)units / instructions, 0.4, 1);
    }

    private static ulong FeeOf(byte[] meta) => StatusMeta.TryParse(meta, out var status) ? status.FeeLamports : 0;

    private static TracedInstruction Trace(byte[] wire)
    {
        Assert.True(TransactionTrace.TryRead(wire, [], out var trace, out var error), error);
        return trace.Instructions[0];
    }

    // One instruction on the wallet and the target; the programs are the last keys.
    private static byte[] Wire(byte[] data, params Pubkey[] programs)
    {
        var builder = new TransactionBuilder().AddSignature(Samples.Sig(1)).SetHeader(1, 0, (byte)programs.Length).AddKey(Wallet).AddKey(Target);
        foreach (var program in programs)
        {
            builder.AddKey(in program);
        }

        return builder.SetRecentBlockhash(Samples.Key(99)).AddInstruction(2, [0, 1], data).ToArray();
    }
}
