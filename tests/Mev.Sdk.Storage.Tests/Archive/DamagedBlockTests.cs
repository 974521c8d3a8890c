using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Tests.Archive;

/// <summary>Blocks with bytes changed, cut, repeated, swapped, or spliced with another's: a clear error or an end, and right bytes whenever the digest is right.</summary>
/// <remarks>A million of them under MEV_LONG=1: blocks of a transaction or two, and leaves below a root, on all processors. A seed that fails is named, and runs alone.</remarks>
public sealed class DamagedBlockTests
{
    private const int Sets = 40;

    private static int Runs => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 1_000_000 : 6000;

    [Fact]
    public void A_damaged_block_is_refused_or_read_and_nothing_else()
    {
        var perSet = Runs / Sets;
        var read = new int[Sets];
        Parallel.For(0, Sets, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, set => read[set] = RunSet(set, perSet));

        // Damage to plain bits, keys and signatures is read as other values: the digest tells. A runner that never comes so far tests nothing.
        Assert.InRange(read.Sum(), Runs / 100, Runs - (Runs / 100));
    }

    // Every set has a root and a leaf of its own, small, so that most of the time is spent on what differs.
    private static int RunSet(int set, int runs)
    {
        var transactions = new GeneratedTransactions(1000 + set);
        var frames = Enumerable.Range(1, 6).Select(number => (Frame: transactions.Frame((ulong)number), Residual: new byte[number == 2 ? 9 : 0])).ToList();
        var encoder = new BlockCodec(encodes: true);
        var root = Encode(encoder, frames[..4], null, out var rootDigest);
        var snapshot = encoder.CopyState();
        var leaf = Encode(encoder, frames[4..], snapshot, out var leafDigest);
        var other = Encode(encoder, frames[2..4], snapshot, out _);
        var decoder = new BlockCodec(encodes: false);
        var read = 0;
        for (var run = 0; run < runs; run++)
        {
            // A root starts from nothing, which takes longer than a leaf's copy: one in eight.
            var isRoot = run % 8 == 0;
            var random = new Random((set * 1_000_003) + run);
            var block = isRoot ? root : leaf;
            var damaged = Damage(block, other, random);
            try
            {
                decoder.BeginDecoding(damaged, isRoot ? null : snapshot);
                var made = 0L;
                while (decoder.Next())
                {
                    Assert.True(decoder.Frame.Length >= 32, $"set {set}, run {run}");
                    made += decoder.Frame.Length + decoder.Residual.Length;
                }

                read++;
                if (decoder.Digest == (isRoot ? rootDigest : leafDigest))
                {
                    // As good as the original: then it has to hold the original's frames.
                    var expected = isRoot ? frames[..4] : frames[4..];
                    Assert.Equal(expected.Sum(static frame => (long)frame.Frame.Length + frame.Residual.Length), made);
                }
            }
            catch (InvalidDataException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
            catch (Exception wrong) when (wrong is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"set {set}, run {run}: {wrong}");
            }
        }

        // What damage left behind does not show.
        decoder.BeginDecoding(leaf, snapshot);
        while (decoder.Next())
        {
        }

        Assert.Equal(leafDigest, decoder.Digest);
        return read;
    }

    private static byte[] Damage(byte[] block, byte[] other, Random random)
    {
        var damaged = (byte[])block.Clone();
        switch (random.Next(10))
        {
            case < 5:
                for (var flips = random.Next(1, 4); flips > 0; flips--)
                {
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                }

                return damaged;
            case 5:
                random.NextBytes(damaged.AsSpan(random.Next(damaged.Length)));
                return damaged;
            case 6:
                return damaged[..random.Next(damaged.Length)];
            case 7:
                // The lengths in front, where a damaged reader would begin to make too much.
                BitConverter.TryWriteBytes(damaged.AsSpan(4 * random.Next(6)), random.Next(4) == 0 ? random.Next() : random.Next(damaged.Length));
                return damaged;
            case 8:
                var at = random.Next(24, damaged.Length);
                damaged.AsSpan(at..random.Next(at, damaged.Length)).Reverse();
                return damaged;
            default:
                // The head of one and the tail of another that started from the same state.
                var cut = random.Next(Math.Min(block.Length, other.Length));
                return [.. block[..cut], .. other[cut..]];
        }
    }

    private static byte[] Encode(BlockCodec codec, IReadOnlyList<(byte[] Frame, byte[] Residual)> frames, BlockSnapshot? root, out ulong digest)
    {
        codec.BeginEncoding(root);
        for (var i = 0; i < frames.Count; i++)
        {
            codec.Add(1000 + (ulong)i, 7, 99, frames[i].Frame, frames[i].Residual);
        }

        var output = new ByteArena();
        codec.Finish(output);
        digest = codec.Digest;
        return output.Written.ToArray();
    }
}
