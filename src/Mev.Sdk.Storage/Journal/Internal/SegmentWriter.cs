using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Appends blocks to one segment after another. Used by the journal's writer thread alone.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private const int OutputBytes = 4 << 20;
    private readonly JournalFolder _folder;
    private readonly JournalDisk _disk;
    private readonly TimeProvider _time;
    private readonly BlockEncoder _blocks;
    private readonly RangeTable _ranges;
    private readonly ISpaceWaiter _space;
    private readonly List<(BlockHeader Header, uint Segment, long Offset)> _pending = [];
    private readonly List<SegmentGrowth> _growth = [];
    private readonly long _segmentBytes;
    private readonly int _blockBytes;
    private readonly bool _sync;
    private uint _number;
    private JournalFile? _file;
    private SegmentCipher? _cipher;
    private long _written;
    private long _durable;
    private Lsn _last;

    public SegmentWriter(JournalFolder folder, JournalOptions options, TimeProvider time, ISpaceWaiter space)
    {
        _folder = folder;
        _disk = folder.Disk;
        _time = time;
        _space = space;
        _blocks = new BlockEncoder(options.Compression);
        _segmentBytes = options.SegmentBytes;
        _blockBytes = options.BlockBytes;
        _sync = options.Fsync != JournalFsync.None;
        _number = folder.LastSegment;
        _last = folder.Index.DurableLsn;
        _ranges = folder.Index.CopyRanges();
    }

    /// <summary>What the next error is about.</summary>
    public string CurrentPath => _file?.Path ?? _folder.Path;

    public void Write(WriteBuffer buffer)
    {
        foreach (var run in buffer.Runs)
        {
            WriteRun(buffer.GetFrames(in run), in run);
        }

        FlushBlocks();
    }

    /// <summary>Makes durable what was written, and publishes it.</summary>
    /// <returns>The positions that became durable.</returns>
    public StreamPosition[] Commit()
    {
        FlushBlocks();
        if (_sync && _file is not null)
        {
            Sync(_file);
        }

        _durable = _written;
        var positions = Publish();
        if (_file is not null)
        {
            _folder.Announce(new DurableMark(_number, _durable, _folder.Index.DurableLsn, _sync));
        }

        return positions;
    }

    /// <summary>
    /// Ends the current segment with a seal, synced in every mode: its successor relies on it. The blocks are synced before the seal is written, because a seal that
    /// is found must prove that they are there: opening does not read their payloads.
    /// </summary>
    public void Seal()
    {
        if (_file is null)
        {
            return;
        }

        FlushBlocks();
        if (_durable < _written)
        {
            Sync(_file);
            _durable = _written;
        }

        _blocks.AddSeal(_last, _durable, _written, _cipher);
        FlushBlocks();
        Sync(_file);
        Grow(BlockHeader.Size, isSealed: true);
        _durable = _written;
        CloseSegment();
    }

    /// <summary>Seals the last segment for good: nothing follows in this opening.</summary>
    public void Finish()
    {
        var written = _file is not null;
        Seal();
        Publish();
        if (written)
        {
            _folder.Limits.StoreSealed(_number);
            _folder.Announce(new DurableMark(_number, _durable, _folder.Index.DurableLsn, IsSynced: true));
        }
    }

    public void Dispose() => CloseSegment();

    private StreamPosition[] Publish()
    {
        var index = _folder.Index;
        var touched = _pending.Select(static b => (b.Header.SourceId, b.Header.SessionId)).Distinct().ToArray();
        index.Publish(CollectionsMarshal.AsSpan(_pending), CollectionsMarshal.AsSpan(_growth));
        _pending.Clear();
        _growth.Clear();
        return [.. touched.Select(t => new StreamPosition(t.SourceId, t.SessionId, index.GetSequence(t.SourceId, t.SessionId)))];
    }

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
            RecordCount = (uint)count,
            SourceId = run.First.SourceId,
            SessionId = run.First.SessionId,
            FirstSequence = run.First.Sequence + (ulong)first,
            FirstLsn = run.FirstLsn.Value + (ulong)first,
            MinSlot = content.MinSlot,
            MaxSlot = content.MaxSlot,
            TemplateMap = content.TemplateMap,
            FirstTimeNanoseconds = BitConverter.ToUInt64(raw[(FrameHeader.SequenceOffset + sizeof(ulong))..]),
            LastTimeNanoseconds = content.LastTime,
        };
        if (_file is null || _written + _blocks.Written.Length >= _segmentBytes)
        {
            Seal();
            BeginSegment(new Lsn(header.FirstLsn));
        }

        header.DurableLength = (ulong)_durable;
        var offset = _written + _blocks.Written.Length;
        _blocks.Add(ref header, raw, offset, _cipher);
        _pending.Add((header, _number, offset));
        Grow(header.TotalLength);
        _ranges.Add(header.Sequences, header.LastLsn);
        _last = header.LastLsn;
        if (_blocks.Written.Length >= OutputBytes)
        {
            FlushBlocks();
        }
    }

    // A segment gets its name when it is durable, with its header and what its predecessors held.
    private void BeginSegment(Lsn first)
    {
        var number = _number + 1;
        var path = SegmentFiles.GetPath(_folder.Path, number);
        var temporary = Path.ChangeExtension(path, SegmentFiles.TemporaryExtension);
        var created = _time.GetUtcNow();
        var header = SegmentHeader.Create(number, first, _blocks.Codec, created);
        _cipher = _folder.BeginEncryption(ref header, path);
        SegmentHeader.Stamp(ref header);
        if (_last != Lsn.None)
        {
            var before = new BlockHeader { Kind = BlockKind.Ranges, FirstLsn = _last.Value, DurableLength = SegmentHeader.Size };
            _blocks.Add(ref before, RangesPayload.Write(_ranges.GetRanges()), SegmentHeader.Size, _cipher);
        }

        byte[] bytes = [.. SegmentHeader.AsBytes(ref header), .. _blocks.Written];
        using (var file = WhenThereIsSpace(temporary, () => _disk.Open(temporary, FileMode.Create)))
        {
            WhenThereIsSpace(temporary, () => file.Write(bytes, 0));
            Sync(file);
        }

        WhenThereIsSpace(path, () => _disk.Move(temporary, path));
        _disk.SyncDirectory(_folder.Path);
        _file = _disk.Open(path, FileMode.Open);
        _number = number;
        _written = bytes.Length;
        _durable = _written;
        _blocks.Clear();
        _growth.Add(new SegmentGrowth(_number, _written, header.CreatedNanoseconds, IsSealed: false));
    }

    private void FlushBlocks()
    {
        if (_blocks.Written.Length == 0)
        {
            return;
        }

        var file = _file!;

        // The same bytes at the same place: no nonce meets another plaintext.
        WhenThereIsSpace(file.Path, () => file.Write(_blocks.Written, _written), () => file.SetLength(_written));
        _written += _blocks.Written.Length;
        _blocks.Clear();
    }

    private void WhenThereIsSpace(string path, Action write, Action? undo = null) =>
        WhenThereIsSpace(
            path,
            () =>
            {
                write();
                return true;
            },
            undo);

    private T WhenThereIsSpace<T>(string path, Func<T> write, Action? undo = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var result = write();
                if (attempt > 1)
                {
                    _space.SpaceReturned(path);
                }

                return result;
            }
            catch (IOException e) when (JournalDisk.IsFull(e))
            {
                undo?.Invoke();
                if (!_space.WaitForSpace(path, e, attempt))
                {
                    throw;
                }
            }
        }
    }

    // Never within WhenThereIsSpace: what a failed sync has dropped is unknown, so it is final whatever its reason.
    private void Sync(JournalFile file)
    {
        var started = _time.GetTimestamp();
        file.Flush();
        StorageMetrics.FsyncDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
    }

    private void Grow(long bytes, bool isSealed = false)
    {
        if (_growth.Count > 0 && _growth[^1] is var last && last.Number == _number)
        {
            _growth[^1] = last with { Bytes = last.Bytes + bytes, IsSealed = isSealed };
        }
        else
        {
            _growth.Add(new SegmentGrowth(_number, bytes, CreatedNanoseconds: 0, isSealed));
        }
    }

    private void CloseSegment()
    {
        _file?.Dispose();
        _file = null;
        _cipher?.Dispose();
        _cipher = null;
    }

    private sealed class SyncFailedException(IOException cause) : Exception(cause.Message, cause);
}
