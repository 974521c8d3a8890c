using FsCheck.Xunit;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Tests.Transactions;

public sealed class TransactionBuilderTests
{
    [Property]
    public bool Whatever_is_built_parses_to_the_same_parts(byte signatures, byte moreKeys, byte[][] accounts, byte[][] data, byte[] writable, byte[] readOnly, bool v0)
    {
        signatures = (byte)(1 + (signatures % 12));
        var keys = signatures + (moreKeys % 40);
        var builder = new TransactionBuilder().SetHeader(signatures, (byte)(signatures - 1), (byte)(keys - signatures)).SetRecentBlockhash(Samples.Key(200));
        for (var i = 0; i < signatures; i++)
        {
            builder.AddSignature(Samples.Sig((byte)i));
        }

        for (var i = 0; i < keys; i++)
        {
            builder.AddKey(Samples.Key((byte)i));
        }

        var instructions = Math.Min(accounts?.Length ?? 0, data?.Length ?? 0);
        for (var i = 0; i < instructions; i++)
        {
            builder.AddInstruction((byte)(i % keys), [.. (accounts![i] ?? []).Select(a => (byte)(a % keys))], data![i] ?? []);
        }

        if (v0)
        {
            builder.AddLookup(Samples.Key(100), (writable ?? []).Take(50).ToArray(), (readOnly ?? []).Take(50).ToArray());
        }

        var wire = builder.ToArray();
        return WireTransaction.TryParse(wire, out var transaction) && Rebuild.From(in transaction).SequenceEqual(wire)
            && transaction.SignatureCount == signatures && transaction.InstructionCount == instructions
            && transaction.Format == (v0 ? MessageFormat.V0 : MessageFormat.Legacy);
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(65_535)]
    public void Lengths_of_one_two_and_three_bytes_survive(int length)
    {
        var wire = Samples.Legacy().AddInstruction(2, [], new byte[length]).ToArray();
        Assert.True(WireTransaction.TryParse(wire, out var transaction));
        var last = 0;
        foreach (var instruction in transaction.Instructions)
        {
            last = instruction.Data.Length;
        }

        Assert.Equal(length, last);
        Assert.Equal(wire, Rebuild.From(in transaction));
    }

    [Fact]
    public void Parts_that_make_no_transaction_are_refused_with_the_reason()
    {
        Assert.Contains("requires 1 signatures", Assert.Throws<InvalidOperationException>(() => new TransactionBuilder().SetHeader(1, 0, 0).AddKey(Samples.Key(1)).ToArray()).Message, StringComparison.Ordinal);
        Assert.Contains("names key 9", Assert.Throws<InvalidOperationException>(() => Samples.Legacy().AddInstruction(9, [], []).ToArray()).Message, StringComparison.Ordinal);
        Assert.Contains("65536", Assert.Throws<InvalidOperationException>(() => Samples.Legacy().AddInstruction(0, [], new byte[65_536])).Message, StringComparison.Ordinal);
        Assert.Contains("300 keys", Assert.Throws<InvalidOperationException>(() => Samples.Legacy().AddLookup(Samples.Key(1), new byte[150], new byte[147]).ToArray()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransactionBuilder().SetFormat((MessageFormat)3));
    }

    [Fact]
    public void Clear_makes_the_builder_as_new()
    {
        var builder = Samples.V0();
        builder.ToArray();
        builder.Clear();
        Assert.Equal((0, 0), (builder.KeyCount, builder.InstructionCount));
        var wire = builder.AddSignature(Samples.Sig(1)).SetHeader(1, 0, 0).AddKey(Samples.Key(1)).ToArray();
        Assert.True(WireTransaction.TryParse(wire, out var transaction));
        Assert.Equal(MessageFormat.Legacy, transaction.Format);
    }
}
