using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Columns;
using Mev.Sdk.Storage.Archive.Transactions;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive;

/// <summary>Codes the frames of one archive block, in order of their LSNs; layout in docs/archive-format.md, "Block". One code for both directions.</summary>
/// <remarks>Not thread-safe. Keeps its memory, so one codec is made for many blocks. A block is decoded from its start: contexts adapt.</remarks>
internal sealed class BlockCodec
{
    /// <summary>Counts and lengths in front of a block's parts.</summary>
    private const int HeaderBytes = 6 * sizeof(int);

    /// <summary>Most bytes of frames and residuals in a block.</summary>
    public const int MaxRawBytes = 1 << 28;
    private const int MaxResidualBytes = 1 << 26;

    /// <summary>What a decoder may make beyond twice the bytes of the frames, bytes.</summary>
    private const int Slack = 1 << 16;

    private readonly BlockState _state;
    private readonly KeyTexts _names = new();
    private readonly TransactionCodec _transactions;
    private readonly TransactionComposer _composer;
    private readonly FrameColumn _frames;
    private readonly RecordColumn _records;
    private readonly ByteArena _wire = new();
    private readonly ByteArena _meta = new();
    private readonly ByteArena _swaps = new();
    private readonly ByteArena _frame = new();
    private readonly ByteArena _residual = new();
    private readonly Rows<Signature> _signatures = new();
    private readonly XxHash3 _digest = new();
    private int _left;
    private int _rawLength;
    private int _rawStated;
    private bool _isOpaque;
    private bool _hasRoot;
    private bool _isBroken;

    /// <summary>Creates a codec.</summary>
    /// <param name="encodes">Whether it will encode; a decoder needs no index of what it has seen.</param>
    /// <param name="dictionary">Keys that every block knows behind the well-known ones, most frequent first, at most <see cref="KeyTable.MaxDictionary"/>; copied.</param>
    public BlockCodec(bool encodes, ReadOnlySpan<Pubkey> dictionary = default)
    {
        _state = new BlockState(encodes, dictionary);
        _transactions = new TransactionCodec(_state, _names);
        _composer = new TransactionComposer(_names);
        _frames = new FrameColumn(_state);
        _records = new RecordColumn(_state, _transactions.Data);
    }

    /// <summary>Frames added since <see cref="BeginEncoding"/>.</summary>
    public int Count { get; private set; }

    /// <summary>LSN of the frame decoded last.</summary>
    public ulong Lsn { get; private set; }

    /// <summary>Id of the source that the frame decoded last came from.</summary>
    public uint Source { get; private set; }

    /// <summary>Session that it belonged to.</summary>
    public ulong Session { get; private set; }

    /// <summary>The frame decoded last; valid until the next.</summary>
    public ReadOnlySpan<byte> Frame => _frame.Written;

    /// <summary>What was kept beside that frame; empty when nothing was.</summary>
    public ReadOnlySpan<byte> Residual => _residual.Written;

    /// <summary>Whether the frame coded last is a transaction.</summary>
    public bool IsTransaction { get; private set; }

    /// <summary>All signatures of the transaction coded last, in their order; empty for any other frame. Valid until the next.</summary>
    public ReadOnlySpan<Signature> Signatures => _signatures.Written;

    /// <summary>Slot of the transaction coded last; 0 = not known yet, or no transaction.</summary>
    public ulong Slot { get; private set; }

    /// <summary>Time of that transaction's block, seconds since 1970; 0 = not known yet, or no transaction.</summary>
    public long BlockTime { get; private set; }

    /// <summary>Time that the frame coded last carries, nanoseconds since 1970; 0 = none.</summary>
    public ulong EngineTimeNanoseconds { get; private set; }

    /// <summary>XXH3 of the LSNs, sources, sessions, frames and residuals since the begin: the same on both sides, or one of them is wrong.</summary>
    public ulong Digest => _digest.GetCurrentHashAsUInt64();

    /// <summary>Where the bits went, by stream; counted only when asked for.</summary>
    public ReadOnlySpan<double> Costs => _state.Coder.Costs;

    /// <summary>Decisions that were coded, by stream; counted only when asked for.</summary>
    public ReadOnlySpan<int> Decisions => _state.Coder.Decisions;

    public bool CountsCosts
    {
        set => _state.Coder.CountsCosts = value;
    }

    /// <summary>Starts a block.</summary>
    /// <param name="root">What the block's root taught; null = nothing.</param>
    /// <exception cref="ArgumentException">The snapshot is empty, or of a codec with another dictionary.</exception>
    public void BeginEncoding(BlockSnapshot? root = null)
    {
        _state.Coder.BeginEncoding();
        Begin(root);
    }

    /// <summary>Saves what the block taught, for the leaves below it; encoder and decoder save the same.</summary>
    /// <exception cref="InvalidOperationException">Frames of the block are still to be decoded, or the block itself started from a snapshot.</exception>
    public void SaveTo(BlockSnapshot snapshot)
    {
        if (_left != 0 || _hasRoot || _isBroken)
        {
            throw new InvalidOperationException("Only a block that started from nothing, and that was coded to its end, makes a snapshot.");
        }

        snapshot.Version++;
        snapshot.Dictionary = _state.Keys.Dictionary;
        Copy(StateCopy.Into(snapshot));
        _state.Keys.Save(snapshot);
    }

    /// <summary>As <see cref="SaveTo"/>, into a new one.</summary>
    public BlockSnapshot CopyState()
    {
        var snapshot = new BlockSnapshot();
        SaveTo(snapshot);
        return snapshot;
    }

    /// <summary>Adds a frame.</summary>
    /// <param name="lsn">Its LSN, above that of the frame before.</param>
    /// <param name="source">Id of the source it came from, 0 = the host itself.</param>
    /// <param name="session">Session within the source.</param>
    /// <param name="frame">One whole, checked frame.</param>
    /// <param name="residual">What its JSON rendering has beyond it; empty = nothing.</param>
    /// <param name="isOpaque">Whether it is coded as bytes even if it is a transaction.</param>
    public void Add(ulong lsn, uint source, ulong session, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> residual, bool isOpaque = false)
    {
        _isOpaque = isOpaque;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(residual.Length, MaxResidualBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_rawLength + frame.Length + residual.Length, MaxRawBytes);
        _rawLength += frame.Length + residual.Length;
        _residual.Clear();
        _residual.Add(residual);
        _frame.Clear();
        _frame.Add(frame);
        _frames.Lsn(lsn);
        _frames.From(ref source, ref session);
        (Lsn, Source, Session) = (lsn, source, session);
        _isBroken = true;
        CodeFrame();
        _isBroken = false;
        Count++;
    }

    /// <summary>Ends a block.</summary>
    /// <param name="output">Where it goes, behind what is there.</param>
    public void Finish(ByteArena output)
    {
        _state.Coder.Finish(out var coded, out var plain);
        var header = output[output.Reserve(HeaderBytes), HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, Count);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], _rawLength);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], coded.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], plain.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], _state.Opaque.Keys.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], _state.Opaque.Signatures.Length);
        output.Add(coded);
        output.Add(plain);
        output.Add(_state.Opaque.Keys.Written);
        output.Add(_state.Opaque.Signatures.Written);
    }

    /// <summary>Starts to decode a block.</summary>
    /// <param name="block">The whole block; it is copied.</param>
    /// <param name="root">What the block's root taught; null = the block started from nothing.</param>
    /// <exception cref="InvalidDataException">Its parts do not fill it.</exception>
    /// <exception cref="ArgumentException">The snapshot is empty, or of a codec with another dictionary.</exception>
    public void BeginDecoding(ReadOnlySpan<byte> block, BlockSnapshot? root = null)
    {
        if (block.Length < HeaderBytes)
        {
            throw new InvalidDataException($"A block has at least {HeaderBytes} bytes, got {block.Length}.");
        }

        Span<int> lengths = stackalloc int[HeaderBytes / sizeof(int)];
        long total = HeaderBytes;
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = BinaryPrimitives.ReadInt32LittleEndian(block[(4 * i)..]);
            total += i > 1 ? lengths[i] : 0;
            if (lengths[i] < 0)
            {
                throw new InvalidDataException("A part of a block has a negative length.");
            }
        }

        if (total != block.Length)
        {
            throw new InvalidDataException($"The parts of a block have {total} bytes, the block has {block.Length}.");
        }

        var (count, raw) = (lengths[0], lengths[1]);
        if (raw > MaxRawBytes || count > raw / FrameHeader.Size)
        {
            throw new InvalidDataException($"A block says that it holds {count} frames of {raw} bytes together.");
        }

        var rest = block[HeaderBytes..];
        _state.Coder.BeginDecoding(rest[..lengths[2]], rest.Slice(lengths[2], lengths[3]));
        Begin(root);
        rest = rest[(lengths[2] + lengths[3])..];
        _state.Opaque.Keys.Add(rest[..lengths[4]]);
        _state.Opaque.Signatures.Add(rest[lengths[4]..]);
        (_left, _rawStated) = (count, raw);
        _state.Budget = (2L * raw) + Slack;
    }

    /// <summary>Decodes the next frame.</summary>
    /// <returns>False behind the last.</returns>
    /// <exception cref="InvalidDataException">The block is damaged.</exception>
    public bool Next()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        _isBroken = true;
        try
        {
            Lsn = _frames.Lsn(0);
            var (source, session) = (0u, 0UL);
            _frames.From(ref source, ref session);
            (Source, Session) = (source, session);
            CodeFrame();
            CountRaw();
            _isBroken = false;
            return true;
        }
        catch (Exception damaged) when (damaged is IndexOutOfRangeException or ArgumentException or OverflowException or InvalidOperationException or OutOfMemoryException)
        {
            // Bits that a checksum let through lead anywhere; what they lead to is bounded by the arrays, and this is where it ends.
            throw new InvalidDataException("The block is damaged: what it says of a frame contradicts itself.", damaged);
        }
    }

    // What a transaction is composed of is bounded one by one, not in sum: a few bits may say a great deal.
    private void CountRaw()
    {
        _rawLength += _frame.Length + _residual.Length;
        if (_rawLength > _rawStated || (_left == 0 && _rawLength != _rawStated))
        {
            throw new InvalidDataException($"The frames of a block have {_rawLength} bytes, it says that it holds {_rawStated}.");
        }
    }

    private void Begin(BlockSnapshot? root)
    {
        _state.Opaque.Clear();
        _digest.Reset();
        (Count, _left, Lsn, _rawLength, _isBroken, _hasRoot) = (0, 0, 0, 0, true, root is not null);
        if (root is null)
        {
            _transactions.Clear();
            _frames.Clear();
            _records.Clear();
        }
        else if (root.Dictionary != _state.Keys.Dictionary)
        {
            throw new ArgumentException("The snapshot is empty, or was saved by a codec with another dictionary of keys.", nameof(root));
        }
        else
        {
            _state.Keys.Restore(root);
            Copy(StateCopy.From(root));
        }

        _isBroken = false;
    }

    private void Copy(StateCopy copy)
    {
        _transactions.Copy(copy);
        _frames.Copy(copy);
        _records.Copy(copy);
    }

    private void CodeFrame()
    {
        var coder = _state.Coder;
        var header = coder.IsDecoding ? default : MemoryMarshal.Read<FrameHeader>(_frame.Written);
        var kind = _frames.Header(ref header);
        var parts = default(TransactionFrame);
        var isTransaction = header.TemplateId == TemplateIds.Transaction
            && coder.Flag(Context.Of(312, (uint)kind), !coder.IsDecoding && !_isOpaque && TryTakeApart(out parts));
        if (isTransaction)
        {
            CodeTransaction(in header, in parts);
        }
        else
        {
            CodeOther(in header, kind);
        }

        CodeResidual(kind);
        Describe(in header, isTransaction);
    }

    // Only what composes to the same bytes again is coded by columns.
    private bool TryTakeApart(out TransactionFrame parts)
    {
        if (!TransactionFrame.TryRead(_frame.Written, out parts)
            || !TransactionReader.TryRead(_frame[parts.WireAt, parts.WireLength], _frame[parts.MetaAt, parts.MetaLength], _state.Model)
            || !_state.Model.KeysDiffer())
        {
            return false;
        }

        Compose();
        return _wire.Written.SequenceEqual(_frame[parts.WireAt, parts.WireLength]) && _meta.Written.SequenceEqual(_frame[parts.MetaAt, parts.MetaLength]);
    }

    private void Compose()
    {
        _wire.Clear();
        _meta.Clear();
        TransactionComposer.WriteWire(_state.Model, _wire);
        _composer.WriteMeta(_state.Model, _meta);
    }

    private void CodeTransaction(in FrameHeader header, in TransactionFrame parts)
    {
        var decoding = _state.IsDecoding;
        _transactions.Code();
        var record = decoding ? default : MemoryMarshal.Read<TransactionRecord>(_frame[FrameHeader.Size, TransactionRecord.Size]);
        _records.CodeRecord(ref record, _transactions.UnitPrice, _transactions.UnitLimitAsked);
        var swaps = parts.Swaps;
        _swaps.Clear();
        if (!decoding)
        {
            _swaps.Add(_frame[parts.SwapsAt, swaps * SwapEntry.Size]);
        }

        _records.CodeSwaps(_swaps, 0, ref swaps);
        if (decoding)
        {
            Compose();
            _frame.Clear();
            TransactionFrame.Write(in header, in record, _swaps.Written, _wire.Written, _meta.Written, _frame);
        }
    }

    private void CodeOther(in FrameHeader header, int kind)
    {
        var coder = _state.Coder;
        coder.Stream = StreamKind.OtherFrames;
        _state.BeginTransaction();
        var length = _frames.Length(kind, _frame.Length);
        _state.Charge(length);
        if (coder.IsDecoding)
        {
            _frame.Clear();
            _frame.Reserve(length);
            MemoryMarshal.Write(_frame[0, FrameHeader.Size], in header);
        }

        _transactions.Data.Code(Context.Of(313, (uint)kind, (uint)Math.Min(length, 4096)), _frame[FrameHeader.Size, length - FrameHeader.Size], 0, -1, []);
        if (coder.IsDecoding)
        {
            FrameColumn.Seal(_frame[0, length]);
        }
    }

    // A transaction that went as bytes has its signatures too: an index is of all of them.
    private void Describe(in FrameHeader header, bool isInColumns)
    {
        (IsTransaction, Slot, BlockTime, EngineTimeNanoseconds) = (false, 0, 0, header.EngineTimeNanoseconds);
        _signatures.Clear();
        var frame = _frame.Written;
        if (header.TemplateId == TemplateIds.Transaction && header.BlockLength >= TransactionRecord.Size && frame.Length >= FrameHeader.Size + TransactionRecord.Size)
        {
            ref readonly var record = ref MemoryMarshal.AsRef<TransactionRecord>(frame[FrameHeader.Size..]);
            (IsTransaction, Slot, BlockTime) = (true, record.Slot, record.BlockTimeSeconds);
            if (isInColumns)
            {
                _signatures.Add(_state.Model.Signatures.Written);
            }
            else if (TransactionFrame.TryRead(frame, out var parts) && WireTransaction.TryParse(_frame[parts.WireAt, parts.WireLength], out var wire))
            {
                _signatures.Add(wire.Signatures);
            }
            else
            {
                _signatures.Add(record.Signature);
            }
        }

        Span<ulong> place = [Lsn, Source, Session, (ulong)frame.Length, (ulong)_residual.Length];
        _digest.Append(MemoryMarshal.AsBytes(place));
        _digest.Append(frame);
        _digest.Append(_residual.Written);
    }

    private void CodeResidual(int kind)
    {
        var coder = _state.Coder;
        coder.Stream = StreamKind.Residuals;
        var length = (int)Math.Min(_state.Numbers.Number(Context.Of(314, (uint)kind), 315, (ulong)_residual.Length, 6), MaxResidualBytes + 1);
        if (length > MaxResidualBytes)
        {
            throw new InvalidDataException($"A residual of more than {MaxResidualBytes} bytes.");
        }

        _state.Charge(length);
        if (coder.IsDecoding)
        {
            _residual.Clear();
            _residual.Reserve(length);
        }

        _transactions.Data.Code(Context.Of(316, (uint)Math.Min(length, 64)), _residual[0, length], 0, -1, []);
    }
}
