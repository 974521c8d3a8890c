using System.Text;
using FsCheck.Xunit;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;

namespace Mev.Sdk.Solana.Tests.Meta;

public sealed class StatusMetaTests
{
    private static StatusMetaBuilder Full() => new StatusMetaBuilder()
        .SetError(TransactionError.Instruction(3, InstructionErrorCode.Custom, 6001))
        .SetFee(5_000)
        .AddBalance(1_000_000_000_000, 999_999_995_000)
        .AddBalance(0, 0)
        .AddInnerInstruction(0, 4, [0, 1], [9, 9])
        .AddInnerInstruction(0, 0, [], [], 3)
        .AddInnerInstruction(2, 5, [7], [], 2)
        .AddLogMessage("Program log: grüezi")
        .AddLogMessage("")
        .AddPreTokenBalance(new TokenBalance(1, Samples.Key(1), Samples.Key(2), Samples.Key(3), 1_234_500, 6))
        .AddPostTokenBalance(new TokenBalance(1, Samples.Key(1), default, default, ulong.MaxValue, 0))
        .AddLoadedWritable(Samples.Key(7))
        .AddLoadedReadonly(Samples.Key(8))
        .AddLoadedReadonly(Samples.Key(9))
        .SetReturnData(Samples.Key(5), [1, 2, 3])
        .SetComputeUnitsConsumed(0);

    [Fact]
    public void TryParse_shows_every_field_the_builder_wrote()
    {
        var bytes = Full().ToArray();
        Assert.True(StatusMeta.TryParse(bytes, out var meta));
        Assert.Equal(TransactionError.Instruction(3, InstructionErrorCode.Custom, 6001), meta.Error);
        Assert.Equal(5_000ul, meta.FeeLamports);
        Assert.True(meta.HasComputeUnitsConsumed);
        Assert.Equal(0ul, meta.ComputeUnitsConsumed);
        var balances = new List<ulong>();
        foreach (var lamports in meta.PreBalances)
        {
            balances.Add(lamports);
        }

        foreach (var lamports in meta.PostBalances)
        {
            balances.Add(lamports);
        }

        Assert.Equal([1_000_000_000_000, 0, 999_999_995_000, 0], balances);
        var inner = new List<string>();
        foreach (var i in meta.InnerInstructions)
        {
            inner.Add($"{i.OuterInstruction}.{i.Index} {i.ProgramIndex} {Convert.ToHexString(i.Accounts)} {Convert.ToHexString(i.Data)} {i.StackHeight}");
        }

        Assert.Equal(["0.0 4 0001 0909 2", "0.1 0   3", "2.0 5 07  2"], inner);
        var logs = new List<string>();
        foreach (var line in meta.LogMessages)
        {
            logs.Add(Encoding.UTF8.GetString(line));
        }

        Assert.Equal(["Program log: grüezi", ""], logs);
        var pre = meta.PreTokenBalances;
        Assert.True(pre.MoveNext());
        Assert.Equal(new TokenBalance(1, Samples.Key(1), Samples.Key(2), Samples.Key(3), 1_234_500, 6), pre.Current);
        Assert.False(pre.MoveNext());
        var post = meta.PostTokenBalances;
        Assert.True(post.MoveNext());
        Assert.Equal(ulong.MaxValue, post.Current.Amount);
        Assert.True(post.Current.Owner.IsZero);
        Assert.Equal((1, 2), (meta.LoadedWritableCount, meta.LoadedReadonlyCount));
        var loaded = meta.LoadedReadonly;
        Assert.True(loaded.MoveNext());
        Assert.Equal(Samples.Key(8), loaded.Current);
        Assert.True(loaded.MoveNext());
        Assert.Equal(Samples.Key(9), loaded.Current);
        Assert.False(loaded.MoveNext());
        Assert.Equal(Samples.Key(5), new Pubkey(meta.ReturnProgram));
        Assert.Equal([1, 2, 3], meta.ReturnData.ToArray());
    }

    [Fact]
    public void TryParse_nothing_is_a_meta_of_defaults()
    {
        Assert.True(StatusMeta.TryParse([], out var meta));
        Assert.Equal(TransactionErrorCode.None, meta.Error.Code);
        Assert.False(meta.HasComputeUnitsConsumed);
        Assert.False(meta.InnerInstructions.MoveNext());
        Assert.False(meta.PreBalances.MoveNext());
    }

    [Fact]
    public void TryParse_reads_unpacked_balances_and_skips_unknown_fields()
    {
        // Field 3 twice as a varint, field 17 (cost units), field 100 as fixed32 and field 101 as fixed64.
        byte[] bytes = [0x18, 5, 0x18, 0x80, 0x01, 0x88, 0x01, 9, 0xA5, 0x06, 1, 2, 3, 4, 0xA9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8];
        Assert.True(StatusMeta.TryParse(bytes, out var meta));
        var balances = new List<ulong>();
        foreach (var lamports in meta.PreBalances)
        {
            balances.Add(lamports);
        }

        Assert.Equal([5, 128], balances);
    }

    [Fact]
    public void TryParse_every_truncation_and_every_changed_byte_is_read_or_refused()
    {
        var bytes = Full().ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            Walk(bytes.AsSpan(0, length));
        }

        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var flip in (byte[])[1, 2, 3, 7, 8, 0x10, 0x7F, 0x80, 0xFF])
            {
                var changed = (byte[])bytes.Clone();
                changed[at] ^= flip;
                Walk(changed);
            }
        }
    }

    [Theory]
    [InlineData(0UL, 6, "0")]
    [InlineData(1UL, 9, "0.000000001")]
    [InlineData(1_148_364_124UL, 6, "1148.364124")]
    [InlineData(1_200_000UL, 6, "1.2")]
    [InlineData(5_000_000UL, 6, "5")]
    [InlineData(700UL, 0, "700")]
    [InlineData(123UL, 3, "0.123")]
    public void Token_balances_carry_the_text_that_a_node_displays(ulong amount, byte decimals, string text)
    {
        var bytes = new StatusMetaBuilder().AddPreTokenBalance(new TokenBalance(0, Samples.Key(1), default, default, amount, decimals)).ToArray();
        var field = Encoding.ASCII.GetBytes(text);
        Assert.True(bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x22, (byte)field.Length, .. field]) > 0, Convert.ToHexString(bytes));
    }

    [Fact]
    public void Clear_makes_the_builder_as_new()
    {
        var builder = Full();
        builder.ToArray();
        Assert.Equal(new StatusMetaBuilder().SetFee(7).ToArray(), builder.Clear().SetFee(7).ToArray());
    }

    [Property]
    public bool Whatever_is_built_parses_to_the_same_values(ulong fee, (ulong, ulong)[] balances, string[] logs, ulong amount, byte decimals, ulong? units)
    {
        var builder = new StatusMetaBuilder().SetFee(fee);
        foreach (var (before, after) in balances ?? [])
        {
            builder.AddBalance(before, after);
        }

        foreach (var line in logs ?? [])
        {
            builder.AddLogMessage(line);
        }

        if (units is { } consumed)
        {
            builder.SetComputeUnitsConsumed(consumed);
        }

        var token = new TokenBalance(9, Samples.Key(4), Samples.Key(5), Samples.Key(6), amount, decimals);
        if (!StatusMeta.TryParse(builder.AddPostTokenBalance(in token).ToArray(), out var meta))
        {
            return false;
        }

        var (pre, post, lines) = (new List<ulong>(), new List<ulong>(), new List<string>());
        foreach (var lamports in meta.PreBalances)
        {
            pre.Add(lamports);
        }

        foreach (var lamports in meta.PostBalances)
        {
            post.Add(lamports);
        }

        foreach (var line in meta.LogMessages)
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        var tokens = meta.PostTokenBalances;
        return meta.FeeLamports == fee && pre.Zip(post).SequenceEqual(balances ?? []) && tokens.MoveNext() && tokens.Current == token && !tokens.MoveNext()
            && lines.SequenceEqual((logs ?? []).Select(line => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(line ?? ""))))
            && meta.HasComputeUnitsConsumed == units.HasValue && meta.ComputeUnitsConsumed == units.GetValueOrDefault();
    }

    private static void Walk(ReadOnlySpan<byte> bytes)
    {
        if (!StatusMeta.TryParse(bytes, out var meta, out var failure))
        {
            Assert.Equal(DecodeError.MalformedProtobuf, failure.Error);
            Assert.InRange(failure.Position, 0, bytes.Length);
            return;
        }

        var loaded = 0;
        foreach (ref readonly var key in meta.LoadedWritable)
        {
            loaded += key.IsZero ? 1 : 1;
        }

        Assert.Equal(meta.LoadedWritableCount, loaded);
        foreach (var balance in meta.PreTokenBalances)
        {
            Assert.True(balance.Decimals >= 0);
        }

        foreach (var inner in meta.InnerInstructions)
        {
            Assert.True(inner.OuterInstruction >= 0 && inner.Accounts.Length <= bytes.Length);
        }

        foreach (var lamports in meta.PreBalances)
        {
            Assert.True(lamports >= 0);
        }
    }
}
