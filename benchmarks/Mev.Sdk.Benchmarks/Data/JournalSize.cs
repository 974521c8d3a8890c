using System.Buffers;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>What a journal with its shipped options makes of some frames.</summary>
internal static class JournalSize
{
    /// <summary>Writes the frames into a journal of its own and measures its folder.</summary>
    /// <param name="frames">Frames, one behind the other.</param>
    /// <returns>Bytes of frames, and bytes of every file in the journal's folder once it is closed.</returns>
    public static (long RawBytes, long StoredBytes) Of(byte[] frames)
    {
        var folder = Directory.CreateTempSubdirectory("mev-journal-");
        try
        {
            WriteAsync(folder.FullName, frames).GetAwaiter().GetResult();
            return (frames.Length, folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task WriteAsync(string folder, byte[] frames)
    {
        var journal = RecordJournal.Open(new JournalOptions { Directory = folder });
        await using (journal.ConfigureAwait(false))
        {
            var rented = ArrayPool<byte>.Shared.Rent(frames.Length);
            frames.CopyTo(rented, 0);
            var batch = RecordBatch.Own(rented, frames.Length, Stamp(rented.AsSpan(0, frames.Length)), new StreamPosition(1, 1, 1), journal.NextLsn);
            await journal.WriteAsync(batch).ConfigureAwait(false);
            batch.Release();
            await journal.FlushAsync().ConfigureAwait(false);
        }
    }

    // Numbers the frames as an engine would; equal numbers would compress better than real ones.
    private static int Stamp(Span<byte> frames)
    {
        var count = 0;
        while (!frames.IsEmpty)
        {
            ref var header = ref System.Runtime.InteropServices.MemoryMarshal.AsRef<FrameHeader>(frames);
            var length = (int)header.Length;
            FrameWriter.Stamp(frames[..length], (ulong)++count, header.EngineTimeNanoseconds);
            frames = frames[length..];
        }

        return count;
    }
}
