using System.Diagnostics;
using System.Runtime.InteropServices;
using K4os.Compression.LZ4;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Peers;

/// <summary>The same frames into a journal, and through K4os' LZ4 into a file: same blocks, same level, syncs at the same interval.</summary>
internal sealed class JournalWork
{
    private const long RunBytes = 512L << 20;
    private const int BatchBytes = 256 << 10;
    private const int PeerWriteBytes = 4 << 20;

    private readonly List<(ReadOnlyMemory<byte> Frames, int Count)> _batches = [];
    private readonly List<ReadOnlyMemory<byte>> _blocks = [];
    private readonly JournalOptions _options = new();
    private readonly string _folder;

    /// <summary>Prepares a run: the frames, numbered on from pass to pass as an engine would.</summary>
    public JournalWork(byte[] frames, string folder)
    {
        _folder = folder;
        ulong sequence = 0;
        while (RawBytes < RunBytes)
        {
            var pass = frames.ToArray();
            Stamp(pass, ref sequence);
            Cut(pass, BatchBytes, (part, count) => _batches.Add((part, count)));
            Cut(pass, _options.BlockBytes, (part, _) => _blocks.Add(part));
            RawBytes += pass.Length;
        }
    }

    /// <summary>Frame bytes of a run.</summary>
    public long RawBytes { get; private set; }

    /// <summary>Bytes on disk after our last run.</summary>
    public long JournalBytes { get; private set; }

    /// <summary>Bytes on disk after the peer's last run.</summary>
    public long PeerBytes { get; private set; }

    /// <summary>Writes everything into a new journal and closes it.</summary>
    /// <returns>Frame bytes a second.</returns>
    public double Ours()
    {
        var directory = Path.Combine(_folder, "journal");
        var started = Stopwatch.GetTimestamp();
        WriteAsync(directory).GetAwaiter().GetResult();
        var rate = RawBytes / Stopwatch.GetElapsedTime(started).TotalSeconds;
        JournalBytes = new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Directory.Delete(directory, recursive: true);
        return rate;
    }

    /// <summary>Compresses the same blocks and writes them to a file.</summary>
    /// <returns>Frame bytes a second.</returns>
    public double Peer()
    {
        var path = Path.Combine(_folder, "peer");
        var started = Stopwatch.GetTimestamp();
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite))
        {
            var output = GC.AllocateUninitializedArray<byte>(PeerWriteBytes + LZ4Codec.MaximumOutputSize(2 * _options.BlockBytes));
            var filled = 0;
            PeerBytes = 0;
            var synced = Stopwatch.GetTimestamp();
            foreach (var block in _blocks)
            {
                filled += LZ4Codec.Encode(block.Span, output.AsSpan(filled), LZ4Level.L00_FAST);
                var due = Stopwatch.GetElapsedTime(synced) >= _options.CommitInterval;
                if (filled < PeerWriteBytes && !due)
                {
                    continue;
                }

                RandomAccess.Write(file, output.AsSpan(0, filled), PeerBytes);
                (PeerBytes, filled) = (PeerBytes + filled, 0);
                if (due)
                {
                    RandomAccess.FlushToDisk(file);
                    synced = Stopwatch.GetTimestamp();
                }
            }

            RandomAccess.Write(file, output.AsSpan(0, filled), PeerBytes);
            PeerBytes += filled;
            RandomAccess.FlushToDisk(file);
        }

        var rate = RawBytes / Stopwatch.GetElapsedTime(started).TotalSeconds;
        File.Delete(path);
        return rate;
    }

    private async Task WriteAsync(string directory)
    {
        var journal = RecordJournal.Open(new JournalOptions { Directory = directory });
        await using (journal.ConfigureAwait(false))
        {
            var position = new StreamPosition(SourceId: 1, SessionId: 1, Sequence: 1);
            var lsn = journal.NextLsn;
            foreach (var (frames, count) in _batches)
            {
                var batch = RecordBatch.Borrow([frames], count, position, lsn);
                await journal.WriteAsync(batch).ConfigureAwait(false);
                batch.Release();
                position = position with { Sequence = position.Sequence + (ulong)count };
                lsn = lsn.Add((ulong)count);
            }

            await journal.FlushAsync().ConfigureAwait(false);
        }
    }

    private static void Stamp(Span<byte> frames, ref ulong sequence)
    {
        while (!frames.IsEmpty)
        {
            var header = MemoryMarshal.Read<FrameHeader>(frames);
            FrameWriter.Stamp(frames[..(int)header.Length], ++sequence, header.EngineTimeNanoseconds);
            frames = frames[(int)header.Length..];
        }
    }

    private static void Cut(ReadOnlyMemory<byte> frames, int partBytes, Action<ReadOnlyMemory<byte>, int> add)
    {
        while (!frames.IsEmpty)
        {
            var bytes = 0;
            var count = 0;
            while (bytes < frames.Length)
            {
                var length = (int)MemoryMarshal.Read<FrameHeader>(frames.Span[bytes..]).Length;
                if (count > 0 && bytes + length > partBytes)
                {
                    break;
                }

                bytes += length;
                count++;
            }

            add(frames[..bytes], count);
            frames = frames[bytes..];
        }
    }
}
