using System.Buffers;
using K4os.Compression.LZ4;
using Mev.Sdk.Wire;
using Microsoft.Win32.SafeHandles;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Reads blocks of one segment and believes nothing that is not checked.</summary>
internal sealed class BlockReader : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _path;

    public BlockReader(string path)
    {
        _path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    public long Length => RandomAccess.GetLength(_handle);

    public void Dispose() => _handle.Dispose();

    public SegmentHeader ReadSegmentHeader()
    {
        var header = default(SegmentHeader);
        ReadExactly(SegmentHeader.AsBytes(ref header), 0);
        return header;
    }

    /// <summary>Reads a block header.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? ReadHeader(long offset, long end, out BlockHeader header)
    {
        header = default;
        if (end - offset < BlockHeader.Size)
        {
            return $"the block's header is cut off after {end - offset} bytes";
        }

        ReadExactly(BlockHeader.AsBytes(ref header), offset);
        return BlockHeader.Check(ref header, end - offset);
    }

    /// <summary>Checks the payload of a block whose header is checked.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? CheckPayload(long offset, in BlockHeader header)
    {
        var payload = ArrayPool<byte>.Shared.Rent((int)header.StoredLength);
        try
        {
            var bytes = payload.AsSpan(0, (int)header.StoredLength);
            ReadExactly(bytes, offset + BlockHeader.Size);
            return Crc32C.Compute(bytes) == header.PayloadCrc32C ? null : "the block's payload does not match its CRC-32C";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(payload);
        }
    }

    /// <summary>Reads a block as a batch, beginning with the first record that is not before <paramref name="from"/>.</summary>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public RecordBatch Read(in BlockEntry entry, Lsn from)
    {
        var problem = ReadHeader(entry.Offset, Length, out var header);
        if (problem is not null || header.FirstLsn != entry.FirstLsn || header.RecordCount != entry.RecordCount)
        {
            throw Damage(_path, entry.Offset, problem ?? "another block stands there than when the journal was opened");
        }

        var frames = ReadFrames(entry.Offset, in header);
        try
        {
            var skip = from > new Lsn(header.FirstLsn) ? (int)(from.Value - header.FirstLsn) : 0;
            var skipBytes = CheckFrames(frames.AsSpan(0, (int)header.RawLength), (int)header.RecordCount, skip, entry.Offset);
            var length = (int)header.RawLength - skipBytes;
            frames.AsSpan(skipBytes, length).CopyTo(frames);
            return RecordBatch.Own(
                frames,
                length,
                (int)header.RecordCount - skip,
                new StreamPosition(header.SourceId, header.SessionId, header.FirstSequence + (ulong)skip),
                new Lsn(header.FirstLsn).Add((ulong)skip));
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(frames);
            throw;
        }
    }

    public static InvalidDataException Damage(string path, long offset, string problem) => new(
        $"The journal segment '{path}' is damaged at byte {offset}: {problem}. Nothing was changed. Restore the file from a copy, or move the journal "
        + "folder away to start a new one.");

    private byte[] ReadFrames(long offset, in BlockHeader header)
    {
        var stored = ArrayPool<byte>.Shared.Rent((int)header.StoredLength);
        var payload = stored.AsSpan(0, (int)header.StoredLength);
        byte[]? frames = null;
        try
        {
            ReadExactly(payload, offset + BlockHeader.Size);
            if (Crc32C.Compute(payload) != header.PayloadCrc32C)
            {
                throw Damage(_path, offset, "the block's payload does not match its CRC-32C");
            }

            if (header.Codec == BlockCodec.None)
            {
                (frames, stored) = (stored, null);
                return header.RawLength == header.StoredLength ? frames : throw Damage(_path, offset, "the block's two lengths differ");
            }

            frames = ArrayPool<byte>.Shared.Rent((int)header.RawLength);
            return LZ4Codec.Decode(payload, frames.AsSpan(0, (int)header.RawLength)) == (int)header.RawLength
                ? frames
                : throw Damage(_path, offset, "the block's payload is not what its header says");
        }
        catch when (frames is not null)
        {
            ArrayPool<byte>.Shared.Return(frames);
            throw;
        }
        finally
        {
            if (stored is not null)
            {
                ArrayPool<byte>.Shared.Return(stored);
            }
        }
    }

    // Returns the bytes of the first `skip` frames.
    private int CheckFrames(ReadOnlySpan<byte> frames, int count, int skip, long offset)
    {
        var reader = new FrameReader(BlockHeader.MaxRawBytes);
        var rest = frames;
        var skipBytes = 0;
        for (var i = 0; i < count; i++)
        {
            if (i == skip)
            {
                skipBytes = frames.Length - rest.Length;
            }

            var status = reader.TryRead(ref rest, out _);
            if (status != FrameStatus.Done)
            {
                throw Damage(_path, offset, $"record {i} of {count} within the block is {(status == FrameStatus.Malformed ? reader.ToException().Message : "cut off")}");
            }
        }

        return rest.IsEmpty ? skipBytes : throw Damage(_path, offset, $"{rest.Length} bytes follow its {count} records");
    }

    public void ReadBytes(Span<byte> destination, long offset) => ReadExactly(destination, offset);

    private void ReadExactly(Span<byte> destination, long offset)
    {
        while (!destination.IsEmpty)
        {
            var read = RandomAccess.Read(_handle, destination, offset);
            if (read == 0)
            {
                throw Damage(_path, offset, "the file ends there");
            }

            destination = destination[read..];
            offset += read;
        }
    }
}
