using Mev.Sdk.Storage.Archive;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>What the archive makes of transactions: one object, whole.</summary>
internal static class ArchiveObjectSize
{
    /// <summary>Writes an object with the shipped options and without a key dictionary.</summary>
    /// <param name="input">The transactions.</param>
    /// <returns>Bytes of all of it: header, blocks, indexes, directory, trailer.</returns>
    public static long Of(ArchiveInput input) => Of(input.Frames, null);

    /// <summary>Writes an object with the shipped options.</summary>
    /// <param name="frames">Frames and what is kept beside them.</param>
    /// <param name="dictionary">The key dictionary; null = none.</param>
    /// <returns>Bytes of all of it: header, blocks, indexes, directory, trailer.</returns>
    public static long Of(IReadOnlyList<(byte[] Frame, byte[] Residual)> frames, KeyDictionary? dictionary)
    {
        using var output = new MemoryStream();
        using var writer = new ArchiveWriter(output, new ArchiveWriterOptions { Dictionary = dictionary });
        for (var i = 0; i < frames.Count; i++)
        {
            writer.Append(new Lsn((ulong)i + 1), 1, 1, frames[i].Frame, frames[i].Residual);
        }

        return writer.Complete().Length;
    }
}
