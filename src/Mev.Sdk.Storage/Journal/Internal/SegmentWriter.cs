using System.Buffers;
using K4os.Compression.LZ4;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Appends blocks to one segment after another. Used by the journal's writer thread alone.</summary>
internal sealed class SegmentWriter(
    string directory,
    JournalOptions options,
    TimeProvider time,
    Func<string, FileMode, SegmentFile> open,
    uint lastNumber) : IDisposable
{
    private const int OutputBytes = 4 << 20;
    private readonly ArrayBufferWriter<byte> _output = new(64 << 10);
    private readonly List<(BlockHeader Header, uint Segment, long Offset)> _pending = [];
    private readonly BlockCodec _codec = options.Compression == JournalCompression.None ? BlockCodec.None : BlockCodec.Lz4Block;
    private readonly LZ4Level _level = options.Compression == JournalCompression.High ? LZ4Level.L09_HC : LZ4Level.L00_FAST;
    private readonly long _segmentBytes = options.SegmentBytes;
    private readonly int _blockBytes = options.BlockBytes;
    private readonly bool _sync = options.Fsync != JournalFsync.None;
    private uint _number = lastNumber;
    private SegmentFile? _file;
    private long _written;
    private long _durable;
    private long _newBytes;
    private int _newSegments;
    private Lsn _last;

    /// <summary>What the next error is about.</summary>
    public string CurrentPath => _file?.Path ?? directory;

    public void Write(WriteBuffer buffer)
    {
        foreach (var run in buffer.Runs)
        {
            WriteRun(buffer.GetFrames(in run), in run);
        }

        FlushOutput();
    }

    /// <summary>Makes durable what was written, and publishes it.</summary>
    /// <returns>The positions that became durable.</returns>
    public StreamPosition[] Commit(JournalIndex index)
    {
        FlushOutput();
        if (_sync)
        {
            _file?.Flush();
        }

        _durable = _written;
        var touched = _pending.Select(static b => (b.Header.SourceId, b.Header.SessionId)).Distinct().ToArray();
        index.Publish(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pending), _newBytes, _newSegments);
        _pending.Clear();
        _newBytes = 0;
        _newSegments = 0;
        return [.. touched.Select(t => new StreamPosition(t.SourceId, t.SessionId, index.GetSequence(t.SourceId, t.SessionId)))];
    }

    /// <summary>Ends the current segment with a seal.</summary>
    public void Seal()
    {
        if (_file is null)
        {
            return;
        }

        FlushOutput();
        Seal(_file, _written, _last, _durable);
        _newBytes += BlockHeader.Size;
        _file.Dispose();
        _file = null;
    }

    /// <summary>Seals a segment and syncs it, in every mode: its successor relies on it.</summary>
    public static void Seal(SegmentFile file, long length, Lsn last, long durable)
    {
        var seal = BlockHeader.CreateSeal(last, durable);
        file.Write(BlockHeader.AsBytes(ref seal), length);
        file.Flush();
    }

    public void Dispose() => _file?.Dispose();

    private void WriteRun(ReadOnlySpan<byte> frames, in WriteBuffer.Run run)
    {
        var start = 0;
        var first = 0;
        var count = 0;
        var content = BlockContent.Empty;
        for (var at = 0; at < frames.Length;)
        {
            var frame = frames.Slice(at, BitConverter.ToInt32(frames[at..]));
            if (count > 0 && at + frame.Length - start > _blockBytes)
            {
                WriteBlock(frames[start..at], in run, first, count, in content);
                (start, first, count, content) = (at, first + count, 0, BlockContent.Empty);
            }

            content.Add(frame);
            count++;
            at += frame.Length;
        }

        WriteBlock(frames[start..], in run, first, count, in content);
    }

    private void WriteBlock(ReadOnlySpan<byte> raw, in WriteBuffer.Run run, int first, int count, in BlockContent content)
    {
        var header = new BlockHeader
        {
            Kind = BlockKind.Records,
            RawLength = (uint)raw.Length,
            RecordCount = (uint)count,
            SourceId = run.First.SourceId,
            SessionId = run.First.SessionId,
            FirstSequence = run.First.Sequence + (ulong)first,
            FirstLsn = run.FirstLsn.Value + (ulong)first,
            MinSlot = content.MinSlot,
            MaxSlot = content.MaxSlot,
            TemplateMap = content.TemplateMap,
            FirstTimeNanoseconds = BitConverter.ToUInt64(raw[(FrameHeader.SequenceOffset + sizeof(ulong))..]),
        };
        Roll(new Lsn(header.FirstLsn));
        header.DurableLength = (ulong)_durable;

        // Incompressible frames are stored as they are: a payload is never longer than its frames.
        var block = _output.GetSpan(BlockHeader.Size + WireFormat.Align(Math.Max(raw.Length, LZ4Codec.MaximumOutputSize(raw.Length))));
        var payload = block[BlockHeader.Size..];
        var stored = _codec == BlockCodec.None ? -1 : LZ4Codec.Encode(raw, payload, _level);
        if (stored <= 0 || stored >= raw.Length)
        {
            raw.CopyTo(payload);
            stored = raw.Length;
            header.Codec = BlockCodec.None;
        }
        else
        {
            header.Codec = BlockCodec.Lz4Block;
        }

        payload[stored..WireFormat.Align(stored)].Clear();
        header.StoredLength = (uint)stored;
        header.Stamp(Crc32C.Compute(payload[..stored]));
        BlockHeader.AsBytes(ref header).CopyTo(block);

        var total = (int)header.TotalLength;
        _pending.Add((header, _number, _written + _output.WrittenCount));
        _output.Advance(total);
        _newBytes += total;
        _last = header.LastLsn;
        if (_output.WrittenCount >= OutputBytes)
        {
            FlushOutput();
        }
    }

    private void Roll(Lsn first)
    {
        if (_file is not null && _written + _output.WrittenCount < _segmentBytes)
        {
            return;
        }

        Seal();
        _number++;
        var path = SegmentFiles.GetPath(directory, _number);
        var temporary = Path.ChangeExtension(path, SegmentFiles.TemporaryExtension);
        using (var file = open(temporary, FileMode.Create))
        {
            var header = SegmentHeader.Create(_number, first, _codec, time.GetUtcNow());
            file.Write(SegmentHeader.AsBytes(ref header), 0);
            file.Flush();
        }

        File.Move(temporary, path, overwrite: false);
        DirectorySync.Flush(directory);
        _file = open(path, FileMode.Open);
        _written = SegmentHeader.Size;
        _durable = SegmentHeader.Size;
        _newBytes += SegmentHeader.Size;
        _newSegments++;
    }

    private void FlushOutput()
    {
        if (_output.WrittenCount > 0)
        {
            _file!.Write(_output.WrittenSpan, _written);
            _written += _output.WrittenCount;
            _output.ResetWrittenCount();
        }
    }
}
