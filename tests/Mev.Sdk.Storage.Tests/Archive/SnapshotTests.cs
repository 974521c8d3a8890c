using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Transactions;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Storage.Tests.Archive;

/// <summary>A root block teaches, leaf blocks start from what it taught.</summary>
public sealed class SnapshotTests
{
    private static bool IsLong => Environment.GetEnvironmentVariable("MEV_LONG") == "1";

    [Fact]
    public void Leaves_come_back_in_any_order_from_a_snapshot_that_was_encoded_or_decoded()
    {
        var encoder = new BlockCodec(encodes: true);
        var decoder = new BlockCodec(encodes: false);
        for (var seed = 0; seed < (IsLong ? 500 : 12); seed++)
        {
            var frames = Frames(seed, 90);
            var random = new Random(seed);
            var root = Encode(encoder, frames[..30], null);
            var encoded = encoder.CopyState();
            Decode(decoder, root, null, frames[..30]);
            var decoded = decoder.CopyState();
            var leaves = Enumerable.Range(0, 4).Select(i => (From: 30 + (15 * i), Block: Encode(encoder, frames[(30 + (15 * i))..(45 + (15 * i))], random.Next(2) == 0 ? encoded : decoded))).ToList();
            for (var reading = 0; reading < 8; reading++)
            {
                var (from, block) = leaves[random.Next(leaves.Count)];
                var by = random.Next(3) == 0 ? new BlockCodec(encodes: false) : decoder;
                if (random.Next(4) == 0)
                {
                    by.BeginDecoding(block, encoded); // given up halfway
                    Assert.True(by.Next());
                }

                Decode(by, block, random.Next(2) == 0 ? encoded : decoded, frames[from..(from + 15)]);
            }
        }
    }

    [Fact]
    public void Leaves_do_not_show_what_was_coded_between_them()
    {
        var frames = Frames(77, 90);
        var encoder = new BlockCodec(encodes: true);
        Encode(encoder, frames[..30], null);
        var snapshot = encoder.CopyState();
        var first = Encode(encoder, frames[60..], snapshot);
        Encode(encoder, frames[30..60], snapshot);
        Assert.Equal(first, Encode(encoder, frames[60..], snapshot));
        Encode(encoder, frames[30..60], null);
        Assert.Equal(first, Encode(encoder, frames[60..], snapshot));
        Assert.Equal(first, Encode(new BlockCodec(encodes: true), frames[60..], snapshot));
    }

    [Fact]
    public void Leaves_of_real_transactions_are_smaller_than_blocks_of_their_own()
    {
        var frames = ChainFrames.OfBlock().Take(450).ToList();
        var builder = new BlockBuilder();
        Build(builder, frames[..300], null);
        var snapshot = new BlockSnapshot();
        builder.Save(snapshot);
        var leaf = Build(builder, frames[300..], snapshot);
        Decode(new BlockCodec(encodes: false), leaf, snapshot, frames[300..]);
        Assert.True(leaf.Length < 0.9 * Build(builder, frames[300..], null).Length);
    }

    [Fact]
    public void A_dictionary_of_keys_saves_their_bytes()
    {
        var frames = Frames(5, 60);
        var keys = Enumerable.Range(0, 500).Select(number => Make.Key((ulong)number)).ToArray();
        var without = Encode(new BlockCodec(encodes: true), frames, null);
        var encoder = new BlockCodec(encodes: true, keys);
        Decode(new BlockCodec(encodes: false, keys), Encode(encoder, frames, null), null, frames);

        // Keys that the transactions name: the ones that the generator starts from are well known, these are not.
        var decoder = new BlockCodec(encodes: false);
        decoder.BeginDecoding(without);
        var named = new HashSet<Pubkey>();
        while (decoder.Next())
        {
            if (Wire(decoder.Frame, out var transaction))
            {
                named.UnionWith(transaction.StaticKeys.ToArray());
            }
        }

        Pubkey[] dictionary = [.. named];
        encoder = new BlockCodec(encodes: true, dictionary);
        var root = Encode(encoder, frames[..30], null);
        var snapshot = encoder.CopyState();
        var leaf = Encode(encoder, frames[30..], snapshot);
        Assert.True(Encode(encoder, frames, null).Length < without.Length - (20 * named.Count));
        var reader = new BlockCodec(encodes: false, dictionary);
        Decode(reader, leaf, snapshot, frames[30..]);
        Decode(reader, root, null, frames[..30]);
        Decode(reader, leaf, snapshot, frames[30..]);
    }

    [Fact]
    public void A_leaf_of_another_root_is_refused_or_has_another_digest()
    {
        var encoder = new BlockCodec(encodes: true);
        var decoder = new BlockCodec(encodes: false);
        var frames = Frames(8, 60);
        Encode(encoder, frames[..30], null);
        var right = encoder.CopyState();
        for (var seed = 100; seed < (IsLong ? 1100 : 130); seed++)
        {
            Encode(encoder, Frames(seed, 20), null);
            var wrong = encoder.CopyState();
            var leaf = Encode(encoder, frames[30..], right);
            var digest = encoder.Digest;
            try
            {
                decoder.BeginDecoding(leaf, wrong);
                while (decoder.Next())
                {
                }

                Assert.NotEqual(digest, decoder.Digest);
            }
            catch (InvalidDataException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }
    }

    [Fact]
    public void A_snapshot_of_another_dictionary_or_of_nothing_is_refused()
    {
        var codec = new BlockCodec(encodes: true, [Make.Key(1)]);
        Assert.Throws<ArgumentException>(() => codec.BeginEncoding(new BlockSnapshot()));
        var other = new BlockCodec(encodes: true);
        Encode(other, Frames(1, 3), null);
        var snapshot = other.CopyState();
        Assert.Throws<ArgumentException>(() => codec.BeginEncoding(snapshot));
    }

    [Fact]
    public void Only_a_root_that_was_read_to_its_end_makes_a_snapshot()
    {
        var encoder = new BlockCodec(encodes: true);
        var root = Encode(encoder, Frames(1, 3), null);
        var snapshot = encoder.CopyState();
        encoder.BeginEncoding(snapshot);
        Assert.Throws<InvalidOperationException>(() => encoder.CopyState());
        var decoder = new BlockCodec(encodes: false);
        decoder.BeginDecoding(root);
        Assert.True(decoder.Next());
        Assert.Throws<InvalidOperationException>(() => decoder.CopyState());
    }

    [Fact]
    public void Signatures_slot_and_digest_are_told_by_both_sides()
    {
        var frames = Frames(21, 40);
        var encoder = new BlockCodec(encodes: true);
        encoder.BeginEncoding();
        var told = new List<(string Signatures, ulong Slot)>();
        for (var i = 0; i < frames.Count; i++)
        {
            encoder.Add(1000 + (ulong)i, 7, 99, frames[i].Frame, frames[i].Residual);
            told.Add((string.Join(',', encoder.Signatures.ToArray()), encoder.Slot));
        }

        var output = new ByteArena();
        encoder.Finish(output);
        var decoder = new BlockCodec(encodes: false);
        decoder.BeginDecoding(output.Written);
        for (var i = 0; decoder.Next(); i++)
        {
            Assert.True(decoder.IsTransaction);
            Assert.InRange(decoder.Slot, 400UL, 410UL);
            Assert.Equal(told[i], (string.Join(',', decoder.Signatures.ToArray()), decoder.Slot));
            if (Wire(decoder.Frame, out var transaction))
            {
                Assert.True(transaction.Signatures.SequenceEqual(decoder.Signatures));
            }
        }

        Assert.Equal(encoder.Digest, decoder.Digest);
        Assert.NotEqual(0UL, decoder.Digest);
    }

    private static bool Wire(ReadOnlySpan<byte> frame, out WireTransaction transaction)
    {
        transaction = default;
        return TransactionFrame.TryRead(frame, out var parts) && WireTransaction.TryParse(frame.Slice(parts.WireAt, parts.WireLength), out transaction);
    }

    private static List<(byte[] Frame, byte[] Residual)> Frames(int seed, int count)
    {
        var transactions = new GeneratedTransactions(seed);
        return [.. Enumerable.Range(1, count).Select(number => (transactions.Frame((ulong)number), new byte[number % 7 == 0 ? 5 : 0]))];
    }

    private static byte[] Encode(BlockCodec codec, IReadOnlyList<(byte[] Frame, byte[] Residual)> frames, BlockSnapshot? root)
    {
        codec.BeginEncoding(root);
        for (var i = 0; i < frames.Count; i++)
        {
            codec.Add(1000 + (ulong)i, 7, 99, frames[i].Frame, frames[i].Residual);
        }

        var output = new ByteArena();
        codec.Finish(output);
        return output.Written.ToArray();
    }

    private static byte[] Build(BlockBuilder builder, IReadOnlyList<(byte[] Frame, byte[] Residual)> frames, BlockSnapshot? root)
    {
        for (var i = 0; i < frames.Count; i++)
        {
            builder.Add(1000 + (ulong)i, 7, 99, frames[i].Frame, frames[i].Residual);
        }

        return builder.Build(root).ToArray();
    }

    private static void Decode(BlockCodec decoder, byte[] block, BlockSnapshot? root, IReadOnlyList<(byte[] Frame, byte[] Residual)> frames)
    {
        decoder.BeginDecoding(block, root);
        for (var i = 0; i < frames.Count; i++)
        {
            Assert.True(decoder.Next());
            Assert.Equal(1000 + (ulong)i, decoder.Lsn);
            Assert.True(decoder.Frame.SequenceEqual(frames[i].Frame), $"frame {i} differs");
            Assert.True(decoder.Residual.SequenceEqual(frames[i].Residual), $"residual {i} differs");
        }

        Assert.False(decoder.Next());
    }
}
