using System.Buffers;
using K4os.Compression.LZ4;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Makes blocks, one behind the other, into a buffer: compressed, then encrypted, then stamped. Not thread-safe.</summary>
internal sealed class BlockEncoder(JournalCompression compression)
{
    private readonly ArrayBufferWriter<byte> _output = new(64 << 10);
    private readonly LZ4Level _level = compression == JournalCompression.High ? LZ4Level.L09_HC : LZ4Level.L00_FAST;
    private byte[] _scratch = [];

    /// <summary>What the segments' headers say about the blocks.</summary>
    public BlockCodec Codec { get; } = compression == JournalCompression.None ? BlockCodec.None : BlockCodec.Lz4Block;

    /// <summary>The blocks made since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _output.WrittenSpan;

    public void Clear() => _output.ResetWrittenCount();

    /// <summary>Adds a block.</summary>
    /// <param name="header">Complete but for what depends on the payload; complete afterwards.</param>
    /// <param name="raw">The block's content.</param>
    /// <param name="offset">Where the block will stand in its file.</param>
    /// <param name="cipher">The segment's cipher, if it is encrypted.</param>
    public void Add(ref BlockHeader header, ReadOnlySpan<byte> raw, long offset, SegmentCipher? cipher)
    {
        header.Begin();
        header.RawLength = (uint)raw.Length;
        var room = Math.Max(raw.Length, LZ4Codec.MaximumOutputSize(raw.Length));
        var block = _output.GetSpan(BlockHeader.Size + WireFormat.Align(room + SegmentCipher.TagSize));
        var payload = block[BlockHeader.Size..];
        int stored;
        if (cipher is null)
        {
            stored = Compress(raw, payload, out header.Codec);
        }
        else
        {
            if (_scratch.Length < room)
            {
                _scratch = GC.AllocateUninitializedArray<byte>(room);
            }

            var length = Compress(raw, _scratch, out header.Codec);
            stored = length + SegmentCipher.TagSize;
            header.StoredLength = (uint)stored;
            cipher.Number(ref header);
            cipher.Encrypt(in header, offset, _scratch.AsSpan(0, length), payload[..stored]);
        }

        header.StoredLength = (uint)stored;
        payload[stored..WireFormat.Align(stored)].Clear();
        header.Stamp(Crc32C.Compute(payload[..stored]), offset, cipher);
        BlockHeader.AsBytes(ref header).CopyTo(block);
        _output.Advance((int)header.TotalLength);
    }

    /// <summary>Adds a seal.</summary>
    public void AddSeal(Lsn last, long durableLength, long offset, SegmentCipher? cipher)
    {
        var seal = BlockHeader.CreateSeal(last, durableLength);
        cipher?.Number(ref seal);
        seal.Stamp(Crc32C.Compute([]), offset, cipher);
        _output.Write(BlockHeader.AsBytes(ref seal));
    }

    // Incompressible content is stored as it is: a payload is never longer than its content, but for a tag.
    private int Compress(ReadOnlySpan<byte> raw, Span<byte> destination, out BlockCodec codec)
    {
        codec = Codec;
        var stored = codec == BlockCodec.None ? -1 : LZ4Codec.Encode(raw, destination, _level);
        if (stored > 0 && stored < raw.Length)
        {
            return stored;
        }

        codec = BlockCodec.None;
        raw.CopyTo(destination);
        return raw.Length;
    }
}
