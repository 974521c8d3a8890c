using Mev.Sdk.Solana.Transactions;

namespace Mev.Sdk.Solana.Tests.Transactions;

public sealed class WireTransactionTests
{
    [Fact]
    public void TryParse_legacy_shows_every_part()
    {
        Assert.True(WireTransaction.TryParse(Samples.Legacy().ToArray(), out var transaction));
        Assert.Equal(MessageFormat.Legacy, transaction.Format);
        Assert.Equal([Samples.Sig(1)], transaction.Signatures.ToArray());
        Assert.Equal([Samples.Key(10), Samples.Key(11), Samples.Key(12)], transaction.StaticKeys.ToArray());
        Assert.Equal(Samples.Key(99), transaction.RecentBlockhash);
        Assert.Equal((1, 0, 1), (transaction.RequiredSignatures, transaction.ReadonlySigned, transaction.ReadonlyUnsigned));
        Assert.Equal(2, transaction.InstructionCount);
        var instructions = transaction.Instructions;
        Assert.True(instructions.MoveNext());
        Assert.Equal(2, instructions.Current.ProgramIndex);
        Assert.Equal([0, 1], instructions.Current.Accounts.ToArray());
        Assert.Equal([1, 2, 3], instructions.Current.Data.ToArray());
        Assert.True(instructions.MoveNext());
        Assert.Equal(200, instructions.Current.Data.Length);
        Assert.False(instructions.MoveNext());
        Assert.False(instructions.MoveNext());
        Assert.False(transaction.Lookups.MoveNext());
    }

    [Fact]
    public void TryParse_version_0_shows_lookups_and_counts_loaded_keys()
    {
        Assert.True(WireTransaction.TryParse(Samples.V0().ToArray(), out var transaction));
        Assert.Equal(MessageFormat.V0, transaction.Format);
        Assert.Equal((2, 2, 1, 6), (transaction.LookupCount, transaction.LoadedWritableCount, transaction.LoadedReadonlyCount, transaction.KeyCount));
        var lookups = transaction.Lookups;
        Assert.True(lookups.MoveNext());
        Assert.Equal(Samples.Key(50), lookups.Current.Table);
        Assert.Equal([4, 5], lookups.Current.WritableIndexes.ToArray());
        Assert.Equal([9], lookups.Current.ReadonlyIndexes.ToArray());
        Assert.True(lookups.MoveNext());
        Assert.False(lookups.MoveNext());
    }

    [Fact]
    public void IsWritable_follows_the_header()
    {
        Assert.True(WireTransaction.TryParse(Samples.V0().ToArray(), out var transaction));
        bool[] writable = [true, false, false, true, true, false];
        for (var i = 0; i < writable.Length; i++)
        {
            Assert.Equal(writable[i], transaction.IsWritable(i));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryParse_every_truncation_is_refused_within_the_bytes(bool legacy)
    {
        var wire = (legacy ? Samples.Legacy() : Samples.V0()).ToArray();
        for (var length = 0; length < wire.Length; length++)
        {
            Assert.False(WireTransaction.TryParse(wire.AsSpan(0, length), out _, out var failure), $"{length} bytes");
            Assert.NotEqual(DecodeError.None, failure.Error);
            Assert.InRange(failure.Position, 0, length);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryParse_every_changed_byte_parses_consistently_or_is_refused(bool legacy)
    {
        var wire = (legacy ? Samples.Legacy() : Samples.V0()).ToArray();
        for (var at = 0; at < wire.Length; at++)
        {
            foreach (var flip in (byte[])[0x01, 0x7F, 0x80, 0xFF])
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
                    Assert.NotEqual("", failure.ToString());
                }
            }
        }
    }

    [Fact]
    public void TryParse_names_what_is_wrong_and_where()
    {
        var wire = Samples.Legacy().ToArray();
        Assert.Equal((DecodeError.HeaderInconsistent, 1, 0), Refuse([0, 0, 0, 0, .. new byte[34]])); // nobody signed: it has no identity
        Assert.Equal((DecodeError.TrailingBytes, wire.Length, 1), Refuse([.. wire, 0]));
        Assert.Equal((DecodeError.UnsupportedVersion, 0, 2), Refuse([0x82, .. wire]));
        Assert.Equal((DecodeError.UnsupportedVersion, 65, 1), Refuse([.. wire.AsSpan(0, 65), 0x81, .. wire.AsSpan(65)]));
        Assert.Equal((DecodeError.SignatureCountMismatch, 65, 2), Refuse(With(wire, 65, 2)));
        Assert.Equal((DecodeError.HeaderInconsistent, 65, 0), Refuse(With(wire, 66, 1)));
        Assert.Equal((DecodeError.HeaderInconsistent, 65, 0), Refuse(With(wire, 67, 3)));
        var instructions = 68 + 1 + (4 * 32);
        Assert.Equal((DecodeError.KeyIndexOutOfRange, instructions + 1, 3), Refuse(With(wire, instructions + 1, 3)));
        Assert.Equal((DecodeError.KeyIndexOutOfRange, instructions + 4, 9), Refuse(With(wire, instructions + 4, 9)));
        Assert.Equal((DecodeError.LengthNotCanonical, instructions, 0), Refuse([.. wire.AsSpan(0, instructions), 0x82, 0x00, .. wire.AsSpan(instructions + 1)]));
    }

    private static (DecodeError Error, int Position, int Detail) Refuse(byte[] wire)
    {
        Assert.False(WireTransaction.TryParse(wire, out _, out var failure));
        return (failure.Error, failure.Position, failure.Detail);
    }

    private static byte[] With(byte[] wire, int at, byte value)
    {
        var changed = (byte[])wire.Clone();
        changed[at] = value;
        return changed;
    }
}
