using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Reads a segment's block headers on open and finds a torn tail; docs/journal-format.md, "Recovery".</summary>
internal sealed class SegmentScanner(JournalDisk disk, string path, uint number, ushort? logId, IKeyProvider? keys)
{
    public List<(BlockHeader Header, uint Segment, long Offset)> Blocks { get; } = [];

    /// <summary>Its number.</summary>
    public uint Number { get; } = number;

    /// <summary>The segment's header.</summary>
    public SegmentHeader Header { get; private set; }

    /// <summary>What the segments before held, when it was asked for and the segment says it.</summary>
    public List<(SequenceRange Range, Lsn LastLsn)> Carried { get; private set; } = [];

    /// <summary>The last LSN of the segments before, as this one says it.</summary>
    public Lsn LastBefore { get; private set; }

    /// <summary>Whether the segment ends with its seal.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Bytes of the file that are whole; what follows is a torn tail.</summary>
    public long ValidLength { get; private set; }

    /// <summary>Bytes of the file.</summary>
    public long FileLength { get; private set; }

    /// <summary>Reads the segment.</summary>
    /// <param name="isFirst">Whether what it carries of its predecessors is wanted, because they are not there.</param>
    /// <param name="isLast">Whether it is the last one, which may lack its seal.</param>
    /// <param name="previous">The last LSN of the segments before.</param>
    /// <param name="synced">Bytes of it that are known to have been synced.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="JournalKeyException">It is encrypted, and its key is not there.</exception>
    public void Scan(bool isFirst, bool isLast, Lsn previous, long synced = 0)
    {
        using var reader = BlockReader.Open(disk, path, Number, logId, keys);
        FileLength = reader.Length;
        Header = reader.Header;
        if (isFirst)
        {
            ReadCarried(reader);
        }

        var problem = ScanBlocks(reader, previous, checkPayloads: false);
        if (IsSealed)
        {
            return;
        }

        if (!isLast)
        {
            throw BlockReader.Damage(path, ValidLength, problem ?? "it lacks its seal, although it was sealed once");
        }

        // Nobody sealed it: the process died, and what it had not synced may be there in part.
        problem = ScanBlocks(reader, previous, checkPayloads: true);
        if (ValidLength < synced)
        {
            throw BlockReader.Damage(path, ValidLength, $"{problem ?? "the file ends there"} (the file '{DurableMark.FileName}' says that {synced} bytes were durable)");
        }

        if (problem is not null && FindProofOfSync(reader) is { } proof)
        {
            throw BlockReader.Damage(path, ValidLength, $"{problem} (the block at byte {proof} was written after this one was durable)");
        }
    }

    /// <summary>Reads on from a block of an unsealed segment that another process writes.</summary>
    /// <param name="offset">Where the next block begins.</param>
    /// <param name="end">Bytes that are durable; null = as far as the segment itself proves it.</param>
    /// <param name="previous">The last LSN before.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void ScanOn(long offset, long? end, Lsn previous)
    {
        using var reader = BlockReader.Open(disk, path, Number, logId, keys);
        Header = reader.Header;
        FileLength = Math.Min(end ?? FindProvenEnd(reader, offset), reader.Length);
        if (offset == SegmentHeader.Size)
        {
            ReadCarried(reader);
        }

        if (ScanBlocks(reader, previous, checkPayloads: false, offset) is { } problem)
        {
            throw BlockReader.Damage(path, ValidLength, problem);
        }
    }

    // Every block says how much had been synced when it was made; a seal comes last.
    private static long FindProvenEnd(BlockReader reader, long offset)
    {
        var (proven, length) = (offset, reader.Length);
        while (reader.ReadHeader(offset, length, out var header) is null)
        {
            proven = Math.Max(proven, (long)header.DurableLength);
            offset += header.TotalLength;
            if (header.Kind == BlockKind.Seal)
            {
                return offset;
            }
        }

        return proven;
    }

    private void ReadCarried(BlockReader reader)
    {
        if (reader.ReadHeader(SegmentHeader.Size, reader.Length, out var header) is null && header.Kind == BlockKind.Ranges)
        {
            Carried = reader.ReadRanges(SegmentHeader.Size, in header);
            LastBefore = new Lsn(header.FirstLsn);
        }
    }

    private string? ScanBlocks(BlockReader reader, Lsn previous, bool checkPayloads, long from = SegmentHeader.Size)
    {
        Blocks.Clear();
        ValidLength = from;
        while (ValidLength < FileLength)
        {
            var problem = reader.ReadHeader(ValidLength, FileLength, out var header);
            if (problem is null && checkPayloads)
            {
                problem = reader.CheckPayload(ValidLength, in header);
            }

            if (problem is not null)
            {
                return problem;
            }

            if (header.Kind == BlockKind.Seal)
            {
                ValidLength += BlockHeader.Size;
                IsSealed = ValidLength == FileLength ? true : throw BlockReader.Damage(path, ValidLength, $"{FileLength - ValidLength} bytes follow the seal");
                return null;
            }

            if (header.Kind == BlockKind.Ranges)
            {
                if (ValidLength != SegmentHeader.Size)
                {
                    throw BlockReader.Damage(path, ValidLength, "ranges stand there, which only begin a segment");
                }

                ValidLength += header.TotalLength;
                continue;
            }

            if (new Lsn(header.FirstLsn) <= previous || header.LastLsn.LogId != Header.LogId || new Lsn(header.FirstLsn).LogId != Header.LogId)
            {
                throw BlockReader.Damage(path, ValidLength, $"its LSN {new Lsn(header.FirstLsn)} does not follow {previous}");
            }

            previous = header.LastLsn;
            Blocks.Add((header, Number, ValidLength));
            ValidLength += header.TotalLength;
        }

        return null;
    }

    // A later block, or a seal, that knew more of the file as synced than the place of the damage: those bytes were durable once.
    private long? FindProofOfSync(BlockReader reader)
    {
        const int window = 1 << 20;
        var magic = BlockHeader.ExpectedMagic;
        var needle = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in magic));
        var buffer = new byte[window];
        for (var at = ValidLength + WireFormat.Alignment; at <= FileLength - BlockHeader.Size; at += window - BlockHeader.Size)
        {
            var bytes = buffer.AsSpan(0, (int)Math.Min(window, FileLength - at));
            reader.ReadBytes(bytes, at);
            for (var i = 0; i <= bytes.Length - BlockHeader.Size; i += WireFormat.Alignment)
            {
                if (bytes[i..].StartsWith(needle)
                    && reader.ReadHeader(at + i, FileLength, out var header) is null
                    && header.DurableLength > (ulong)ValidLength
                    && reader.CheckPayload(at + i, in header) is null)
                {
                    return at + i;
                }
            }
        }

        return null;
    }
}
