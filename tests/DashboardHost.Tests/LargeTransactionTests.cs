using Mev.Sdk.DashboardHost.Transactions;
using Mev.Sdk.Solana.Instructions;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class LargeTransactionTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(64, 64, 0)]
    [InlineData(65, 64, 1)]
    [InlineData(4_000, 64, 3_936)]
    public void Instruction_shows_its_first_accounts_and_counts_the_others(int accounts, int shown, int more)
    {
        var node = Assert.Single(InstructionNode.Of(Trace(accounts)));
        Assert.Equal((shown, more), (node.ShownAccounts, node.MoreAccounts));
    }

    [Fact]
    public void Log_of_usual_size_is_shown_whole()
    {
        var trace = Trace(1, "Program log: one", "", "Program log: two");
        var log = LogExcerpt.Of(trace);
        Assert.Equal(trace.Log, log.Lines);
        Assert.Equal((0, 0), (log.MoreLines, log.MoreCharacters));
    }

    [Fact]
    public void Log_of_many_lines_ends_with_a_count()
    {
        var log = LogExcerpt.Of(Trace(1, [.. Enumerable.Repeat("", LogExcerpt.MaxLines + 7)]));
        Assert.Equal((LogExcerpt.MaxLines, 7, 0), (log.Lines.Count, log.MoreLines, log.MoreCharacters));
    }

    [Fact]
    public void Log_of_long_lines_is_cut_between_characters()
    {
        // Pairs from an odd place on: the limit falls into one.
        var log = LogExcerpt.Of(Trace(1, "x", string.Concat(Enumerable.Repeat("\U0001F680", LogExcerpt.MaxCharacters)), "behind", "that"));
        Assert.Equal(2, log.Lines.Count);
        Assert.Equal(LogExcerpt.MaxCharacters - 2, log.Lines[1].Length);
        Assert.True(char.IsLowSurrogate(log.Lines[1][^1]));
        Assert.Equal((2, LogExcerpt.MaxCharacters + 2), (log.MoreLines, log.MoreCharacters));
    }

    private static TransactionTrace Trace(int accounts, params string[] log)
    {
        var wire = new TransactionBuilder().AddSignature(Make.Signature(1)).SetHeader(1, 0, 1).AddKey(Make.Key(1)).AddKey(Make.Key(2))
            .SetRecentBlockhash(Make.Key(3)).AddInstruction(1, new byte[accounts], [1]).ToArray();
        var meta = new StatusMetaBuilder().AddBalance(1, 1).AddBalance(1, 1);
        foreach (var line in log)
        {
            meta.AddLogMessage(line);
        }

        Assert.True(TransactionTrace.TryRead(wire, meta.ToArray(), out var trace, out var error), error);
        return trace;
    }
}
