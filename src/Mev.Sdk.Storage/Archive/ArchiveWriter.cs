using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive;

/// <summary>Writes one archive object into a stream, front to back; docs/archive-format.md, "Object".</summary>
/// <remarks>
/// <para>Each block is decoded again and compared before it counts as written. Compressing is done on the caller's thread, when a block is full. Memory is that of one block, what the root taught, and some
/// 60 bytes a transaction for the index; the object itself is never held.</para>
/// <para>Not thread-safe. An object without <see cref="Complete"/> is none: throw away what is in the stream.</para>
/// </remarks>
/// <example>
/// <code>
/// using var writer = new ArchiveWriter(stream);
/// await foreach (var batch in journal.ReadAsync(Lsn.None, follow: false))
/// {
///     writer.Append(batch);
///     batch.Release();
/// }
///
/// ArchiveObjectInfo written = writer.Complete();
/// </code>
/// </example>
public sealed class ArchiveWriter : IDisposable
{
    private const int MaxRecordBytes = 64 << 20;

    private readonly Stream _output;
    private readonly ObjectHeader _header;
    private readonly ObjectDirectory _directory;
    private readonly SectionCipher? _cipher;
    private readonly BlockBuilder _builder;
    private readonly BlockSnapshot _snapshot = new();
    private readonly SignatureIndexBuilder _signatures;
    private readonly List<ObjectBlock> _blocks = [];
    private readonly ByteArena _stored = new();
    private readonly int _rootBytes;
    private readonly int _leafBytes;
    private byte[] _root = [];
    private ObjectBlock _block;
    private long _offset;
    private bool _isBroken;

    /// <summary>Begins an object.</summary>
    /// <param name="output">Where it goes, from where the stream is; not disposed, need not seek.</param>
    /// <param name="options">Read once; defaults when null.</param>
    /// <exception cref="ArgumentException">The stream cannot be written, or an option is out of range; the message names its key.</exception>
    public ArchiveWriter(Stream output, ArchiveWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        options ??= new ArchiveWriterOptions();
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0 || !output.CanWrite)
        {
            throw new ArgumentException(problems.Length > 0 ? problems : "The stream cannot be written.", problems.Length > 0 ? nameof(options) : nameof(output));
        }

        _output = output;
        (_rootBytes, _leafBytes) = (options.RootBytes, options.LeafBytes);
        _header = ObjectHeader.Create(Guid.NewGuid(), options.Key?.Id ?? Guid.Empty, options.Dictionary is { } dictionary ? dictionary.Hash : default);
        _directory = new ObjectDirectory { Header = _header };
        _builder = new BlockBuilder(options.Dictionary is { } keys ? keys.Keys : default);
        _signatures = new SignatureIndexBuilder(_header.ObjectIdBytes.ToArray());
        if (options.Key is { } key)
        {
            _cipher = key.Begin(_header, out var wrapped);
            _directory.WrappedKey = wrapped;
        }

        Write(_header.Bytes);
    }

    /// <summary>Records appended.</summary>
    public long Frames => _directory.Frames;

    /// <summary>Bytes of their frames.</summary>
    public long FrameBytes => _directory.FrameBytes;

    /// <summary>LSN of the first record appended; <see cref="Lsn.None"/> before it.</summary>
    public Lsn FirstLsn => new(_directory.FirstLsn);

    /// <summary>LSN of the last record appended; <see cref="Lsn.None"/> before the first.</summary>
    public Lsn LastLsn => new(_directory.LastLsn);

    /// <summary>Appends a record.</summary>
    /// <param name="lsn">Its LSN, above that of the record before.</param>
    /// <param name="sourceId">Id of the source it came from; 0 = the host itself.</param>
    /// <param name="sessionId">Session within the source.</param>
    /// <param name="frame">One whole frame.</param>
    /// <param name="residual">What its JSON rendering has beyond it, from <c>TransactionRendering</c>; empty = nothing.</param>
    /// <param name="jsonBytes">Bytes of the JSON it was made from, for the sums; 0 when it was none.</param>
    /// <exception cref="ArgumentException">The frame is not whole or its checksum is wrong, frame and residual are longer than 64 MiB, or the LSN is not above the last.</exception>
    /// <exception cref="IOException">The stream failed; the writer is of no more use.</exception>
    /// <exception cref="InvalidOperationException">The object is complete or broken.</exception>
    public void Append(Lsn lsn, uint sourceId, ulong sessionId, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> residual = default, long jsonBytes = 0)
    {
        ThrowIfOver();
        ArgumentOutOfRangeException.ThrowIfNegative(jsonBytes);
        if (lsn.Value <= _directory.LastLsn)
        {
            throw new ArgumentException($"LSN {lsn} follows {LastLsn}: an object holds records in the order of their LSNs, each once.", nameof(lsn));
        }

        if ((long)frame.Length + residual.Length > MaxRecordBytes)
        {
            throw new ArgumentException($"The record at LSN {lsn} has {(long)frame.Length + residual.Length} bytes with its residual, an archive takes {MaxRecordBytes}.", nameof(frame));
        }

        if (FrameReader.Check(frame) is var error && error != FrameError.None)
        {
            throw new ArgumentException($"The record at LSN {lsn} is no whole, checked frame: {error}.", nameof(frame));
        }

        var most = _blocks.Count == 0 ? _rootBytes : _leafBytes;
        if (_builder.Count > 0 && (long)_builder.RawLength + frame.Length + residual.Length > most)
        {
            EndBlock();
        }

        Count(lsn, frame, residual.Length, jsonBytes);
        _builder.Add(lsn.Value, sourceId, sessionId, frame, residual);
        foreach (ref readonly var signature in TransactionSignatures.Of(frame))
        {
            _signatures.Add(in signature, _blocks.Count);
        }
    }

    /// <summary>Appends the records of a batch.</summary>
    /// <param name="batch">The records, with LSNs; copied, not released.</param>
    /// <exception cref="ArgumentException">The batch has no LSNs, they are not above the last, or a frame's sequence is not the one that the batch says.</exception>
    /// <exception cref="IOException">The stream failed; the writer is of no more use.</exception>
    /// <exception cref="InvalidOperationException">The object is complete or broken.</exception>
    public void Append(RecordBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var sequence = batch.First.Sequence;
        foreach (var record in batch)
        {
            // The position is not stored beside the frame: it is in it.
            if (record.Header.Sequence != sequence)
            {
                throw new ArgumentException($"The frame at LSN {record.Lsn} has sequence {record.Header.Sequence}, its batch says {sequence}.", nameof(batch));
            }

            Append(record.Lsn, batch.First.SourceId, batch.First.SessionId, record.Frame);
            sequence++;
        }
    }

    /// <summary>Writes what is still held, the indexes and the end. The stream is flushed, not disposed.</summary>
    /// <returns>What the object holds.</returns>
    /// <exception cref="InvalidOperationException">Nothing was appended, or the object is complete or broken.</exception>
    /// <exception cref="IOException">The stream failed; what is in it is no object.</exception>
    public ArchiveObjectInfo Complete()
    {
        ThrowIfOver();
        if (_builder.Count == 0)
        {
            throw new InvalidOperationException("An archive object holds at least one record.");
        }

        EndBlock();
        _isBroken = true;
        _directory.Blocks = _blocks.Count;
        _directory.Root = _blocks[0].Place;
        var tail = _directory.Root.Offset;
        if (_blocks.Count > 1)
        {
            tail = _offset;
            _directory.RootCopy = _directory.Root with { Offset = _offset };
            Write(_root);
        }

        _directory.Signatures = _signatures.Count;
        _directory.BlockIndex = WriteSection(ObjectFormat.BlockIndexOrdinal, BlockIndex.Write(CollectionsMarshal.AsSpan(_blocks)));
        _directory.SignatureIndex = WriteSection(ObjectFormat.SignatureIndexOrdinal, _signatures.Write(_blocks.Count));
        var directory = _directory.Write(_cipher);
        var place = new SectionPlace(_offset, directory.Length, Crc32C.Compute(directory));
        Write(directory);
        var trailer = new ObjectTrailer(tail, _offset + ObjectFormat.TrailerSize, place, _header.ObjectId);
        Span<byte> bytes = stackalloc byte[ObjectFormat.TrailerSize];
        trailer.Write(bytes);
        Write(bytes);
        _output.Flush();
        ArchiveMetrics.Frames.Add(_directory.Frames);
        ArchiveMetrics.RawBytes.Add(_directory.FrameBytes);
        ArchiveMetrics.StoredBytes.Add(_offset);
        return ArchiveObjectInfo.Of(_directory, in trailer);
    }

    /// <summary>Clears the object's key. What is in the stream of an object that is not complete is none.</summary>
    public void Dispose()
    {
        _isBroken = true;
        _cipher?.Dispose();
    }

    private void ThrowIfOver()
    {
        if (_isBroken)
        {
            throw new InvalidOperationException("The archive object is complete, disposed or broken: make another writer.");
        }
    }

    private void Count(Lsn lsn, ReadOnlySpan<byte> frame, int residualBytes, long jsonBytes)
    {
        var record = new RecordView(lsn, frame);
        ref readonly var header = ref record.Header;
        var isTransaction = header.TemplateId == TemplateIds.Transaction ? 1 : 0;
        _block.FirstLsn = _block.Frames == 0 ? lsn.Value : _block.FirstLsn;
        _block.LastLsn = lsn.Value;
        _block.Frames++;
        _block.Transactions += isTransaction;
        _block.FrameBytes += frame.Length;
        _block.Kinds |= TemplateIds.IsRecord(header.TemplateId) ? 1UL << header.TemplateId : 1;
        if (record.TryGetSlot(out var slot))
        {
            _block.FirstSlot = _block.FirstSlot == 0 ? slot : Math.Min(_block.FirstSlot, slot);
            _block.LastSlot = Math.Max(_block.LastSlot, slot);
            _directory.FirstSlot = _directory.FirstSlot == 0 ? slot : Math.Min(_directory.FirstSlot, slot);
            _directory.LastSlot = Math.Max(_directory.LastSlot, slot);
        }

        if (header.EngineTimeNanoseconds is var time and > 0)
        {
            _directory.LeastTime = _directory.LeastTime == 0 ? time : Math.Min(_directory.LeastTime, time);
            _directory.GreatestTime = Math.Max(_directory.GreatestTime, time);
        }

        _directory.FirstLsn = _directory.Frames == 0 ? lsn.Value : _directory.FirstLsn;
        _directory.LastLsn = lsn.Value;
        _directory.Frames++;
        _directory.Transactions += isTransaction;
        _directory.FrameBytes += frame.Length;
        _directory.ResidualBytes += residualBytes;
        _directory.JsonBytes += jsonBytes;
    }

    private void EndBlock()
    {
        if (_blocks.Count == ObjectFormat.MaxBlocks)
        {
            throw new InvalidOperationException($"An archive object has at most {ObjectFormat.MaxBlocks} blocks: begin another one.");
        }

        _isBroken = true;
        var isRoot = _blocks.Count == 0;
        var block = _builder.Build(isRoot ? null : _snapshot);
        var place = WriteSection((uint)_blocks.Count, block);
        (_block.Offset, _block.StoredLength, _block.Crc32C, _block.Digest) = (place.Offset, place.Length, place.Crc32C, _builder.Digest);
        _blocks.Add(_block);
        _block = default;
        if (isRoot)
        {
            _root = _stored.Written.ToArray();
            _builder.Save(_snapshot);
        }

        _isBroken = false;
    }

    private SectionPlace WriteSection(uint ordinal, ReadOnlySpan<byte> plain)
    {
        _stored.Clear();
        if (_cipher is null)
        {
            _stored.Add(plain);
        }
        else
        {
            var length = plain.Length + ObjectFormat.TagSize;
            _cipher.Encrypt(ordinal, plain, _stored[_stored.Reserve(length), length]);
        }

        var place = new SectionPlace(_offset, _stored.Length, Crc32C.Compute(_stored.Written));
        Write(_stored.Written);
        return place;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _offset += bytes.Length;
    }
}
