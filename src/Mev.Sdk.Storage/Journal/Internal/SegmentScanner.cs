using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Reads a segment's block headers on open and finds a torn tail; docs/journal-format.md, "Recovery".</summary>
internal sealed class SegmentScanner(string path, uint number, ushort logId)
{
    public List<(BlockHeader Header, uint Segment, long Offset)> Blocks { get; } = [];

    /// <summary>Whether the segment ends with its seal.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Bytes of the file that are whole; what follows is a torn tail.</summary>
    public long ValidLength { get; private set; }

    /// <summary>Bytes of the file.</summary>
    public long FileLength { get; private set; }

    /// <summary>Reads the segment.</summary>
    /// <param name="isLast">Whether it is the last one, which may lack its seal.</param>
    /// <param name="previous">The last LSN of the segments before.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void Scan(bool isLast, Lsn previous)
    {
        using var reader = new BlockReader(path);
        FileLength = reader.Length;
        var header = reader.ReadSegmentHeader();
        if (SegmentHeader.Check(ref header, number, logId) is { } wrong)
        {
            throw new InvalidDataException($"The journal segment '{path}' cannot be used (byte 0): {wrong}.");
        }

        var problem = ScanBlocks(reader, previous, checkPayloads: false);
        if (IsSealed)
        {
            return;
        }

        if (!isLast || EndsWithSeal(reader))
        {
            throw BlockReader.Damage(path, ValidLength, problem ?? "it lacks its seal, although a later segment exists");
        }

        // Nobody sealed it: the process died, and what it had not synced may be there in part.
        problem = ScanBlocks(reader, previous, checkPayloads: true);
        if (problem is not null && FindProofOfSync(reader) is { } proof)
        {
            throw BlockReader.Damage(path, ValidLength, $"{problem} (the block at byte {proof} was written after this one was durable)");
        }
    }

    private string? ScanBlocks(BlockReader reader, Lsn previous, bool checkPayloads)
    {
        Blocks.Clear();
        ValidLength = SegmentHeader.Size;
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

            if (new Lsn(header.FirstLsn) <= previous || header.LastLsn.LogId != logId || new Lsn(header.FirstLsn).LogId != logId)
            {
                throw BlockReader.Damage(path, ValidLength, $"its LSN {new Lsn(header.FirstLsn)} does not follow {previous}");
            }

            previous = header.LastLsn;
            Blocks.Add((header, number, ValidLength));
            ValidLength += header.TotalLength;
        }

        return null;
    }

    private bool EndsWithSeal(BlockReader reader) =>
        FileLength >= SegmentHeader.Size + BlockHeader.Size
        && reader.ReadHeader(FileLength - BlockHeader.Size, FileLength, out var header) is null && header.Kind == BlockKind.Seal;

    // A later block that knew more of the file as synced than the place of the damage: those bytes were durable once.
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
