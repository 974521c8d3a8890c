using Mev.Sdk.Storage.Archive;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>What the archive makes of transactions: one object, whole.</summary>
internal static class ArchiveObjectSize
{
    /// <summary>Writes an object with the shipped options and without a key dictionary.</summary>
    /// <param name="input">The transactions.</param>
    /// <returns>Bytes of all of it: header, blocks, indexes, directory.</returns>
    public static long Of(ArchiveInput input)
    {
        using var output = new MemoryStream();
        using var writer = new ArchiveWriter(output);
        for (var i = 0; i < input.Frames.Count; i++)
        {
            writer.Append(new Lsn((ulong)i + 1), 1, 1, input.Frames[i].Frame, input.Frames[i].Residual);
        }

        return writer.Complete().Length;
    }
}
