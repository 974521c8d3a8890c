using Mev.Sdk.Solana.Addresses;
using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Tests.Transactions;

public sealed class WireTransactionV1Tests
{
    // Written out by hand from the layout of SIMD-0385, so that reader and builder are not just each other's mirror.
    private static readonly byte[] ByHand =
    [
        0x81, // version
        1, 0, 1, // header
        0b0_0111, 0, 0, 0, // priority fee (two bits) and compute-unit limit
        .. Fill(99, 32), // lifetime
        2, 3, // instructions, keys
        .. Fill(10, 32), .. Fill(11, 32), .. Fill(12, 32),
        0x10, 0x27, 0, 0, 0, 0, 0, 0, // 10,000 lamports
        0x40, 0x0D, 0x03, 0x00, // 200,000 units
        2, 2, 3, 0, // program, accounts, data
        1, 0, 0, 1,
        0, 1, 0xA, 0xB, 0xC, // payload of the first
        .. Fill(5, 256), // payload of the second
        .. Fill(1, 64), // signature
    ];

    private static byte[] Fill(byte value, int count)
    {
        var bytes = new byte[count];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    [Fact]
    public void TryParse_reads_a_message_written_by_hand()
    {
        Assert.True(WireTransaction.TryParse(ByHand, out var transaction, out var failure), failure.ToString());
        Assert.Equal((MessageFormat.V1, 1, 3, 2, 0), (transaction.Format, transaction.SignatureCount, transaction.KeyCount, transaction.InstructionCount, transaction.LookupCount));
        Assert.Equal(new TransactionConfig(10_000, 200_000), transaction.Config);
        Assert.Equal(Samples.Sig(1), transaction.Signatures[0]);
        Assert.Equal(Samples.Key(99), transaction.RecentBlockhash);
        Assert.Equal(ByHand.AsSpan(0, ByHand.Length - 64), transaction.Message);
        Assert.Equal((true, true, false), (transaction.IsWritable(0), transaction.IsWritable(1), transaction.IsWritable(2)));
        var instructions = transaction.Instructions;
        Assert.True(instructions.MoveNext());
        Assert.Equal(2, instructions.Current.ProgramIndex);
        Assert.Equal<byte>([0, 1], instructions.Current.Accounts);
        Assert.Equal<byte>([0xA, 0xB, 0xC], instructions.Current.Data);
        Assert.True(instructions.MoveNext());
        Assert.Equal((1, 0, 256), (instructions.Current.ProgramIndex, instructions.Current.Accounts.Length, instructions.Current.Data.Length));
        Assert.False(instructions.MoveNext());
        Assert.Equal(ByHand, Rebuild.From(in transaction));
    }

    [Fact]
    public void Builder_and_reader_agree()
    {
        var wire = Samples.V1().ToArray();
        Assert.True(WireTransaction.TryParse(wire, out var transaction, out var failure), failure.ToString());
        Assert.Equal(wire, Rebuild.From(in transaction));
        Assert.Equal((9_000UL, 300_000U, (uint?)null, 65_536U), (transaction.Config.PriorityFeeLamports, transaction.Config.ComputeUnitLimit, transaction.Config.LoadedAccountsDataSizeLimit, transaction.Config.HeapSize));
    }

    [Fact]
    public void Every_truncation_is_refused_and_every_changed_byte_parses_to_itself_or_is_refused()
    {
        var wire = Samples.V1().ToArray();
        for (var length = 0; length < wire.Length; length++)
        {
            Assert.False(WireTransaction.TryParse(wire.AsSpan(0, length), out _, out var failure), $"{length} bytes");
            Assert.InRange(failure.Position, 0, wire.Length);
        }

        for (var at = 0; at < wire.Length; at++)
        {
            foreach (var flip in (byte[])[0x01, 0x02, 0x7F, 0x80, 0xFF])
            {
                var changed = (byte[])wire.Clone();
                changed[at] ^= flip;
                if (WireTransaction.TryParse(changed, out var transaction, out var failure))
                {
                    Assert.Equal(changed, Rebuild.From(in transaction));
                }
                else
                {
                    Assert.NotEqual(DecodeError.None, failure.Error);
                }
            }
        }
    }

    [Theory]
    [InlineData(4, 0b10_0000, DecodeError.UnsupportedConfig)] // a bit of the future: the size of its value is unknown
    [InlineData(4, 0b00_0101, DecodeError.UnsupportedConfig)] // half a priority fee
    [InlineData(7, 0x80, DecodeError.UnsupportedConfig)]
    [InlineData(1, 13, DecodeError.LimitExceeded)]
    [InlineData(1, 0, DecodeError.HeaderInconsistent)]
    [InlineData(2, 1, DecodeError.HeaderInconsistent)]
    [InlineData(3, 3, DecodeError.HeaderInconsistent)]
    [InlineData(40, 65, DecodeError.LimitExceeded)]
    [InlineData(41, 65, DecodeError.LimitExceeded)]
    [InlineData(150, 0, DecodeError.KeyIndexOutOfRange)] // the payer as a program
    [InlineData(150, 3, DecodeError.KeyIndexOutOfRange)]
    [InlineData(159, 3, DecodeError.KeyIndexOutOfRange)]
    public void TryParse_names_what_is_wrong(int at, byte value, DecodeError error)
    {
        var wire = (byte[])ByHand.Clone();
        wire[at] = value;
        Assert.False(WireTransaction.TryParse(wire, out _, out var failure));
        Assert.Equal(error, failure.Error);
        Assert.DoesNotContain("protobuf", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_4096_bytes_are_refused()
    {
        var builder = Samples.V1().AddInstruction(2, [], new byte[4_000]);
        Assert.Contains("4096", Assert.Throws<InvalidOperationException>(() => builder.ToArray()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_version_1_cannot_say_is_refused_by_the_builder()
    {
        Assert.Throws<InvalidOperationException>(() => Samples.V0().SetFormat(MessageFormat.V1).ToArray());
        Assert.Throws<InvalidOperationException>(() => Samples.V1().AddInstruction(2, new byte[256], []).ToArray());
    }

    [Fact]
    public void Decoder_takes_the_compute_budget_from_the_header_and_ignores_instructions()
    {
        var wire = Samples.V1().Clear().SetConfig(new TransactionConfig(PriorityFeeLamports: 3, ComputeUnitLimit: 1_500))
            .AddSignature(Samples.Sig(1)).SetHeader(1, 0, 1).AddKey(Samples.Key(1)).AddKey(KnownPrograms.ComputeBudget)
            .AddInstruction(1, [], [2, 0xFF, 0xFF, 0, 0]).ToArray();
        Assert.True(new TransactionDecoder().TryDecode(wire, [], new SightingContext(1), out var record, [], out _));
        Assert.Equal((2, 1_500U, 2_000UL), (record.MessageFormat, record.ComputeUnitLimit, record.ComputeUnitPriceMicroLamports));
    }
}
