using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Storage.Tests.Archive;

public sealed class BlockCodecTests
{
    private static bool IsLong => Environment.GetEnvironmentVariable("MEV_LONG") == "1";

    [Fact]
    public void A_real_block_comes_back_byte_for_byte()
    {
        var frames = ChainFrames.OfBlock();
        AssertComesBack(frames, Encode(frames));
    }

    [Fact]
    public void Real_transactions_of_forty_protocols_come_back_byte_for_byte()
    {
        var frames = ChainFrames.OfSingles();
        AssertComesBack(frames, Encode(frames));
    }

    [Fact]
    public void Generated_transactions_of_every_shape_come_back_byte_for_byte()
    {
        var codec = new BlockCodec(encodes: true);
        for (var seed = 0; seed < (IsLong ? 2000 : 60); seed++)
        {
            var transactions = new GeneratedTransactions(seed);
            var frames = Enumerable.Range(1, 40).Select(number => (transactions.Frame((ulong)number), Residual: new byte[number % 5 == 0 ? 3 : 0])).ToList();
            AssertComesBack(frames, Encode(frames, codec), seed);
        }
    }

    [Fact]
    public void Records_of_every_other_kind_come_back_byte_for_byte()
    {
        var frames = GoldenVectors().Where(static frame => frame.Length >= 32).SelectMany(static frame => Enumerable.Repeat((frame, Array.Empty<byte>()), 3)).ToList();
        Assert.NotEmpty(frames);
        AssertComesBack(frames, Encode(frames));
    }

    [Fact]
    public void What_a_codec_coded_before_does_not_show()
    {
        var codec = new BlockCodec(encodes: true);
        var frames = Generated(1, 30);
        var first = Encode(frames, codec);
        Encode(Generated(2, 50), codec);
        Assert.Equal(first, Encode(frames, codec));
        Assert.Equal(first, Encode(frames));
    }

    [Fact]
    public void Sources_and_sessions_come_back()
    {
        var frames = Generated(5, 9);
        var codec = new BlockCodec(encodes: true);
        codec.BeginEncoding();
        for (var i = 0; i < frames.Count; i++)
        {
            codec.Add((ulong)(10 * i), (uint)(i % 2), (ulong)(i / 3), frames[i].Frame, []);
        }

        var decoder = new BlockCodec(encodes: false);
        decoder.BeginDecoding(Finish(codec));
        for (var i = 0; i < frames.Count; i++)
        {
            Assert.True(decoder.Next());
            Assert.Equal(((ulong)(10 * i), (uint)(i % 2), (ulong)(i / 3)), (decoder.Lsn, decoder.Source, decoder.Session));
        }

        Assert.False(decoder.Next());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(100)]
    public void A_block_that_was_cut_is_refused(int length)
    {
        var block = Encode(Generated(4, 5));
        Assert.Throws<InvalidDataException>(() => new BlockCodec(encodes: false).BeginDecoding(block.AsSpan(0, length)));
    }

    private static List<(byte[] Frame, byte[] Residual)> Generated(int seed, int count)
    {
        var transactions = new GeneratedTransactions(seed);
        return [.. Enumerable.Range(1, count).Select(number => (transactions.Frame((ulong)number), Array.Empty<byte>()))];
    }

    private static IEnumerable<byte[]> GoldenVectors()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        foreach (var file in Directory.GetFiles(Path.Combine(folder!.FullName, "tests", "golden", "v1"), "*.hex").Order(StringComparer.Ordinal))
        {
            yield return Convert.FromHexString(string.Concat(File.ReadAllText(file).Where(char.IsAsciiHexDigit)));
        }
    }

    private static byte[] Encode(IReadOnlyList<(byte[] Frame, byte[] Residual)> frames, BlockCodec? codec = null)
    {
        codec ??= new BlockCodec(encodes: true);
        codec.BeginEncoding();
        for (var i = 0; i < frames.Count; i++)
        {
            codec.Add(1000 + (ulong)i, 7, 99, frames[i].Frame, frames[i].Residual);
        }

        return Finish(codec);
    }

    private static byte[] Finish(BlockCodec codec)
    {
        var output = new ByteArena();
        codec.Finish(output);
        return output.Written.ToArray();
    }

    private static void AssertComesBack(IReadOnlyList<(byte[] Frame, byte[] Residual)> frames, byte[] block, int seed = 0)
    {
        var decoder = new BlockCodec(encodes: false);
        decoder.BeginDecoding(block);
        for (var i = 0; i < frames.Count; i++)
        {
            Assert.True(decoder.Next());
            Assert.Equal(1000 + (ulong)i, decoder.Lsn);
            Assert.True(decoder.Frame.SequenceEqual(frames[i].Frame), $"frame {i} of seed {seed} differs");
            Assert.True(decoder.Residual.SequenceEqual(frames[i].Residual), $"residual {i} differs");
        }

        Assert.False(decoder.Next());
    }
}
