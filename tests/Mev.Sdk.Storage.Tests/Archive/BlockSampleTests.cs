using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Tests.Archive;

/// <summary>Blocks that version 1 wrote stay readable, and version 1 goes on to write them: what changes one of them is another version.</summary>
/// <remarks>A root and a leaf of transactions that the project makes up. MEV_WRITE_SAMPLES=1 writes the files anew, which only a new version may ask for.</remarks>
public sealed class BlockSampleTests
{
    private const int Seed = 285;

    [Fact]
    public void Blocks_of_version_1_are_read_and_written_as_they_were()
    {
        var transactions = new GeneratedTransactions(Seed);
        var frames = Enumerable.Range(1, 36).Select(number => (transactions.Frame((ulong)number), new byte[number % 9 == 0 ? 7 : 0])).ToArray();
        var encoder = new BlockCodec(encodes: true);
        var root = Encode(encoder, frames[..24], null);
        var snapshot = encoder.CopyState();
        var leaf = Encode(encoder, frames[24..], snapshot);
        if (Environment.GetEnvironmentVariable("MEV_WRITE_SAMPLES") == "1")
        {
            Write("root", root);
            Write("leaf", leaf);
        }

        var decoder = new BlockCodec(encodes: false);
        Decode(decoder, Read("root"), null, frames[..24]);
        Decode(decoder, Read("leaf"), decoder.CopyState(), frames[24..]);
        Assert.Equal(Read("root"), root);
        Assert.Equal(Read("leaf"), leaf);
    }

    private static byte[] Encode(BlockCodec encoder, (byte[] Frame, byte[] Residual)[] frames, BlockSnapshot? root)
    {
        encoder.BeginEncoding(root);
        for (var i = 0; i < frames.Length; i++)
        {
            encoder.Add(1000 + (ulong)i, 7, 99, frames[i].Frame, frames[i].Residual);
        }

        var output = new ByteArena();
        encoder.Finish(output);
        return output.Written.ToArray();
    }

    private static void Decode(BlockCodec decoder, byte[] block, BlockSnapshot? root, (byte[] Frame, byte[] Residual)[] frames)
    {
        decoder.BeginDecoding(block, root);
        foreach (var (frame, residual) in frames)
        {
            Assert.True(decoder.Next());
            Assert.True(decoder.Frame.SequenceEqual(frame));
            Assert.True(decoder.Residual.SequenceEqual(residual));
        }

        Assert.False(decoder.Next());
    }

    private static string PathOf(string name) => Path.Combine(Repository(), "tests", "golden", "archive-block-v1", $"{name}.hex");

    private static byte[] Read(string name) => Convert.FromHexString(string.Concat(File.ReadAllText(PathOf(name)).Where(char.IsAsciiHexDigit)));

    private static void Write(string name, byte[] block)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllLines(PathOf(name), Convert.ToHexString(block).Chunk(128).Select(static line => new string(line)));
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
