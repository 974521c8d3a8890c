using System.Buffers;
using K4os.Compression.LZ4;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Reads blocks of one segment and believes nothing that is not checked.</summary>
internal sealed class BlockReader : IDisposable
{
    private readonly JournalFile _file;
    private readonly string _path;
    private readonly SegmentCipher? _cipher;

    private BlockReader(JournalFile file, in SegmentHeader header, SegmentCipher? cipher)
    {
        _file = file;
        _path = file.Path;
        _cipher = cipher;
        Header = header;
    }

    public SegmentHeader Header { get; }

    public long Length => _file.Length;

    /// <summary>Opens a segment, checks its header and gets its key.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is not this segment of this log.</exception>
    /// <exception cref="JournalKeyException">It is encrypted, and its key is not there.</exception>
    public static BlockReader Open(JournalDisk disk, string path, uint number, ushort? logId, IKeyProvider? keys)
    {
        var file = disk.OpenRead(path);
        try
        {
            var header = default(SegmentHeader);
            ReadExactly(file, SegmentHeader.AsBytes(ref header), 0);
            return SegmentHeader.Check(ref header, number, logId) is { } wrong
                ? throw new InvalidDataException($"The journal segment '{path}' cannot be used (byte 0): {wrong}.")
                : new BlockReader(file, in header, SegmentCipher.Open(ref header, keys, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _cipher?.Dispose();
        _file.Dispose();
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

        ReadExactly(_file, BlockHeader.AsBytes(ref header), offset);
        return BlockHeader.Check(ref header, end - offset)
            ?? (_cipher is null || _cipher.IsAuthentic(in header, offset) ? null : "the block's header is not what the holder of the key wrote there");
    }

    /// <summary>Checks the payload of a block whose header is checked.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? CheckPayload(long offset, in BlockHeader header)
    {
        try
        {
            ArrayPool<byte>.Shared.Return(ReadPayload(offset, in header, out _));
            return null;
        }
        catch (BlockDamageException e)
        {
            return e.Message;
        }
    }

    /// <summary>Reads the ranges block that may begin a segment.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public List<(SequenceRange Range, Lsn LastLsn)> ReadRanges(long offset, in BlockHeader header)
    {
        byte[]? bytes = null;
        try
        {
            bytes = ReadRaw(offset, in header);
            return RangesPayload.Read(bytes.AsSpan(0, (int)header.RawLength)) ?? throw new BlockDamageException("the ranges block is not a list of ranges");
        }
        catch (BlockDamageException e)
        {
            throw Damage(_path, offset, e.Message);
        }
        finally
        {
            if (bytes is not null)
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
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

        byte[] frames;
        try
        {
            frames = ReadRaw(entry.Offset, in header);
        }
        catch (BlockDamageException e)
        {
            throw Damage(_path, entry.Offset, e.Message);
        }

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

    // The payload as the codec made it, in a rented array.
    private byte[] ReadPayload(long offset, in BlockHeader header, out int length)
    {
        length = (int)header.StoredLength;
        var stored = ArrayPool<byte>.Shared.Rent(length);
        byte[]? plain = null;
        try
        {
            var payload = stored.AsSpan(0, length);
            ReadExactly(_file, payload, offset + BlockHeader.Size);
            if (Crc32C.Compute(payload) != header.PayloadCrc32C)
            {
                throw new BlockDamageException("the block's payload does not match its CRC-32C");
            }

            if (_cipher is null)
            {
                (plain, stored) = (stored, null);
                return plain;
            }

            length -= SegmentCipher.TagSize;
            plain = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
            return length >= 0 && _cipher.TryDecrypt(in header, offset, payload, plain.AsSpan(0, length))
                ? plain
                : throw new BlockDamageException("the block's payload is not what the holder of the key wrote there");
        }
        catch when (plain is not null)
        {
            ArrayPool<byte>.Shared.Return(plain);
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

    // The block's content, RawLength bytes in a rented array.
    private byte[] ReadRaw(long offset, in BlockHeader header)
    {
        var payload = ReadPayload(offset, in header, out var length);
        if (header.Codec == BlockCodec.None && header.RawLength == length)
        {
            return payload;
        }

        byte[]? raw = null;
        try
        {
            raw = ArrayPool<byte>.Shared.Rent((int)header.RawLength);
            return header.Codec != BlockCodec.None && LZ4Codec.Decode(payload.AsSpan(0, length), raw.AsSpan(0, (int)header.RawLength)) == (int)header.RawLength
                ? raw
                : throw new BlockDamageException("the block's payload is not what its header says");
        }
        catch when (raw is not null)
        {
            ArrayPool<byte>.Shared.Return(raw);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(payload);
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

    public void ReadBytes(Span<byte> destination, long offset) => ReadExactly(_file, destination, offset);

    private static void ReadExactly(JournalFile file, Span<byte> destination, long offset)
    {
        while (!destination.IsEmpty)
        {
            var read = file.Read(destination, offset);
            if (read == 0)
            {
                throw Damage(file.Path, offset, "the file ends there");
            }

            destination = destination[read..];
            offset += read;
        }
    }

    // What is wrong with a block, before it is known whether that is a torn tail or damage.
    private sealed class BlockDamageException(string message) : Exception(message);
}
