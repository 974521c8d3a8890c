using System.Buffers.Binary;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Meta;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Columns;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive;

/// <summary>Anybody can put anything on chain; the archive must take it.</summary>
public sealed class HostileContentTests
{
    public static TheoryData<int> LengthsAroundGrowth { get; } = [4083, 4084, 4085, 4171, 4185, 4199, 8191, 8192, 8193];

    [Theory]
    [MemberData(nameof(LengthsAroundGrowth))]
    public void Long_lines_are_read_by_a_decoder_that_never_read_anything(int letters)
    {
        var warm = new BlockBuilder();
        AssertComesBack(warm, [Frame(new StatusMetaBuilder().AddLogMessage(new string('x', 10_000)).AddBalance(1, 1))]);
        var line = string.Create(letters, 0, static (text, _) => { for (var i = 0; i < text.Length; i++) { text[i] = (char)('a' + (i * 7 % 26)); } });
        AssertComesBack(warm, [Frame(new StatusMetaBuilder().AddLogMessage(line).AddBalance(1, 1))]);
        AssertComesBack(new BlockBuilder(), [Frame(new StatusMetaBuilder().AddLogMessage(line).AddBalance(1, 1))]);
    }

    [Theory]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(255)]
    public void A_mint_may_have_any_decimals(byte decimals) =>
        AssertComesBack(new BlockBuilder(), [Frame(new StatusMetaBuilder().AddBalance(1, 1).AddPreTokenBalance(new TokenBalance(0, Make.Key(1), Make.Key(2), Make.Key(3), 77, decimals)))]);

    [Fact]
    public void Lookups_of_a_transaction_that_is_still_pending_name_keys_that_are_not_known()
    {
        var wire = new TransactionBuilder().AddSignature(Make.Signature(1)).SetHeader(1, 0, 1).AddKey(Make.Key(1)).AddKey(Make.Key(2))
            .AddInstruction(1, [0, 2, 3], [1, 2, 3]).AddLookup(Make.Key(9), [4], [5]).ToArray();
        AssertComesBack(new BlockBuilder(), [Frame(wire, [])]);
    }

    [Fact]
    public void Parts_that_are_longer_than_columns_take_go_as_bytes()
    {
        var builder = new BlockBuilder();
        AssertComesBack(builder, [
            Frame(new StatusMetaBuilder().AddBalance(1, 1).AddInnerInstruction(0, 1, [], new byte[(1 << 20) + 1])),
            Frame(new StatusMetaBuilder().AddBalance(1, 1).AddLogMessage(new string('y', (1 << 16) + 1))),
            Frame(new StatusMetaBuilder().AddBalance(1, 1)),
        ]);
        Assert.Equal(0, builder.RefusedByVerification);
    }

    [Fact]
    public void A_line_of_slashes_costs_no_more_than_its_length()
    {
        var line = new string('/', 60_000) + "Aa1=";
        AssertComesBack(new BlockBuilder(), [Frame(new StatusMetaBuilder().AddBalance(1, 1).AddLogMessage(line))]);
    }

    [Fact]
    public void Frames_of_more_kinds_than_a_table_holds_come_back()
    {
        var frames = Enumerable.Range(0, 1_500).Select(static i =>
        {
            var frame = new byte[FrameHeader.Size + 8];
            BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(FrameHeader.Size - 8), 0x1_0000_0009UL * (ulong)(i % 700));
            FrameColumn.Seal(frame);
            return frame;
        }).ToArray();
        AssertComesBack(new BlockBuilder(), frames);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_block_that_says_another_length_than_its_frames_have_is_damaged(int difference)
    {
        var builder = new BlockBuilder();
        var frame = Frame(new StatusMetaBuilder().AddBalance(1, 1));
        builder.Add(1, 1, 1, frame, []);
        var block = builder.Build().ToArray();
        BitConverter.TryWriteBytes(block.AsSpan(4), frame.Length + difference);
        var codec = new BlockCodec(encodes: false);
        codec.BeginDecoding(block);
        Assert.Throws<InvalidDataException>(() => codec.Next());
    }

    [Fact]
    public void A_short_block_does_not_make_more_than_it_says()
    {
        // A long template repeated costs next to nothing; the block says how much it makes.
        var meta = new StatusMetaBuilder().AddBalance(1, 1);
        for (var i = 0; i < 200; i++)
        {
            meta.AddLogMessage(new string('z', 60_000));
        }

        var builder = new BlockBuilder();
        var frame = Frame(meta);
        builder.Add(1, 1, 1, frame, []);
        var block = builder.Build().ToArray();
        Assert.InRange(block.Length, 1, 20_000);
        BitConverter.TryWriteBytes(block.AsSpan(4), frame.Length / 10);
        var decoder = new BlockCodec(encodes: false);
        decoder.BeginDecoding(block);
        Assert.Throws<InvalidDataException>(() => decoder.Next());
    }

    private static byte[] Frame(StatusMetaBuilder meta) => Frame(
        new TransactionBuilder().AddSignature(Make.Signature(1)).SetHeader(1, 0, 1).AddKey(Make.Key(1)).AddKey(Make.Key(2)).AddInstruction(1, [0], [5]).ToArray(),
        meta.AddBalance(2, 2).ToArray());

    private static byte[] Frame(byte[] wire, byte[] meta)
    {
        var record = Make.Transaction(1, slot: 5);
        var frame = new byte[TransactionView.GetFrameLength(0, wire.Length, meta.Length)];
        TransactionView.Write(frame, 0, in record, [], wire, meta);
        FrameWriter.Stamp(frame, 1, 0);
        return frame;
    }

    private static void AssertComesBack(BlockBuilder builder, byte[][] frames)
    {
        for (var i = 0; i < frames.Length; i++)
        {
            builder.Add((ulong)i, 1, 1, frames[i], []);
        }

        var block = builder.Build().ToArray();
        var decoder = new BlockCodec(encodes: false);
        decoder.BeginDecoding(block);
        foreach (var frame in frames)
        {
            Assert.True(decoder.Next());
            Assert.True(decoder.Frame.SequenceEqual(frame));
        }

        Assert.False(decoder.Next());
    }
}
