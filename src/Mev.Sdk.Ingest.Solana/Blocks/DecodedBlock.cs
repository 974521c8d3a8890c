using System.Buffers;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Solana.Blocks;

/// <summary>A block as frames in one rented buffer: its transactions in order, then the block's own record, unstamped.</summary>
internal sealed class DecodedBlock : IDisposable
{
    // Room is left for the block's own frame.
    private const int MaxBytes = 2_000_000_000;

    private readonly List<FrameSlice> _transactions = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
    private int _length;

    /// <summary>The block's record.</summary>
    public BlockRecord Block;

    /// <summary>The transactions' frames.</summary>
    public List<FrameSlice> Transactions => _transactions;

    /// <summary>The frame of <see cref="Block"/> once it is complete.</summary>
    public FrameSlice BlockFrame { get; private set; }

    /// <summary>Transactions that could not be read.</summary>
    public int Unreadable { get; set; }

    /// <summary>What was wrong, of the first one, or of the whole answer.</summary>
    public string Problem { get; set; } = "";

    /// <summary>Code of a JSON-RPC error.</summary>
    public long ErrorCode { get; set; }

    /// <summary>Bytes of all frames.</summary>
    public int Length => _length;

    public Memory<byte> this[FrameSlice slice] => _buffer.AsMemory(slice.Offset, slice.Length);

    public void Clear()
    {
        _transactions.Clear();
        _length = 0;
        Block = default;
        BlockFrame = default;
        Unreadable = 0;
        Problem = "";
        ErrorCode = 0;
    }

    /// <summary>Adds a transaction.</summary>
    /// <returns>Why it cannot be had, or null.</returns>
    public string? Add(in TransactionRecord record, ReadOnlySpan<SwapEntry> swaps, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> meta)
    {
        var needed = TransactionView.GetFrameLength(swaps.Length, wire.Length, meta.Length);
        if (needed > ChainStream.MaxFrameBytes)
        {
            return ChainStream.TooLong(needed);
        }

        if (needed > MaxBytes - _length)
        {
            return "the block's records together are longer than 2 GB";
        }

        var span = Reserve(needed);
        var length = TransactionView.Write(span, engineTimeNanoseconds: 0, in record, swaps, wire, meta);
        _transactions.Add(new FrameSlice(_length, length, SignatureKey.Of(in record.Signature)));
        _length += length;
        return null;
    }

    /// <summary>Everything about the block is known now: the transactions get its time, and the block its frame.</summary>
    public void Complete()
    {
        if (Block.BlockTimeSeconds != 0)
        {
            foreach (var slice in _transactions)
            {
                MemoryMarshal.AsRef<TransactionRecord>(_buffer.AsSpan(slice.Offset + FrameHeader.Size)).BlockTimeSeconds = Block.BlockTimeSeconds;
            }
        }

        Block.TransactionCount = (uint)_transactions.Count;
        var length = BlockView.Write(Reserve(BlockView.GetFrameLength()), engineTimeNanoseconds: 0, in Block);
        BlockFrame = new FrameSlice(_length, length, default);
        _length += length;
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Span<byte> Reserve(int length)
    {
        if (_buffer.Length - _length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + length), (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}
