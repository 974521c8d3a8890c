using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>The durable blocks and segments, their sums, and the sequences of each session. Thread-safe.</summary>
internal sealed class JournalIndex
{
    private const int BlocksPerSum = 256;

    /// <summary>Blocks looked at in one go: the writer waits no longer for a reader that skips.</summary>
    private const int BlocksPerLook = 1 << 16;
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private readonly Lock _gate = new();
    private readonly List<BlockEntry> _blocks = [];

    /// <summary>Records before every 256th block: what a count needs, without 8 bytes a block.</summary>
    private readonly List<long> _sums = [];
    private readonly List<SegmentEntry> _segments = [];
    private readonly RangeTable _ranges = new();
    private readonly FirstReached _slots = new(1);
    private readonly FirstReached _times = new(NanosecondsPerSecond);
    private long _records;
    private long _rawBytes;
    private long _storedBytes;
    private int _removedSegments;
    private long _removedBytes;
    private ulong _maxSlot;
    private ulong _maxTime;
    private ulong _durable;
    private ulong _lastRemoved;

    public Lsn DurableLsn => new(Volatile.Read(ref _durable));

    /// <summary>The last LSN that the log held and does not hold any more; <see cref="Lsn.None"/> when there is none.</summary>
    public Lsn LastRemoved => new(Volatile.Read(ref _lastRemoved));

    public JournalStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new JournalStatistics(_records, _rawBytes, _storedBytes, _blocks.Count, _segments.Count, _removedSegments, _removedBytes);
            }
        }
    }

    /// <summary>Begins with what segments that are gone had held.</summary>
    public void Carry(List<(SequenceRange Range, Lsn LastLsn)> ranges, Lsn last)
    {
        lock (_gate)
        {
            foreach (var (range, lastLsn) in ranges)
            {
                _ranges.Add(in range, lastLsn);
            }

            Volatile.Write(ref _durable, last.Value);
            Volatile.Write(ref _lastRemoved, last.Value);
        }
    }

    /// <summary>Adds durable blocks and whatever else of the segments became durable.</summary>
    public void Publish(ReadOnlySpan<(BlockHeader Header, uint Segment, long Offset)> blocks, ReadOnlySpan<SegmentGrowth> growth)
    {
        lock (_gate)
        {
            foreach (ref readonly var segment in growth)
            {
                if (_segments.Count == 0 || _segments[^1].Number != segment.Number)
                {
                    _segments.Add(new SegmentEntry(segment.Number, segment.CreatedNanoseconds));
                }

                var entry = _segments[^1];
                entry.StoredBytes += segment.Bytes;
                entry.IsSealed |= segment.IsSealed;
                _segments[^1] = entry;
                _storedBytes += segment.Bytes;
            }

            var at = 0;
            foreach (ref readonly var block in blocks)
            {
                Add(in block.Header, block.Segment, block.Offset, ref at);
            }

            if (blocks.Length > 0)
            {
                Volatile.Write(ref _durable, blocks[^1].Header.LastLsn.Value);
            }
        }
    }

    /// <summary>The segments, oldest first.</summary>
    public SegmentEntry[] GetSegments()
    {
        lock (_gate)
        {
            return [.. _segments];
        }
    }

    /// <summary>Forgets the oldest segment, whose file is gone; what it held of the sessions stays known.</summary>
    public void RemoveOldest()
    {
        lock (_gate)
        {
            var segment = _segments[0];
            _segments.RemoveAt(0);
            _blocks.RemoveRange(0, segment.Blocks);
            _records -= segment.Records;
            _rawBytes -= segment.RawBytes;
            _storedBytes -= segment.StoredBytes;
            _removedSegments++;
            _removedBytes += segment.StoredBytes;
            if (segment.LastLsn > LastRemoved)
            {
                Volatile.Write(ref _lastRemoved, segment.LastLsn.Value);
            }

            var next = _blocks.Count > 0 ? new Lsn(_blocks[0].FirstLsn) : DurableLsn.Add(1);
            _slots.Trim(LastRemoved, next);
            _times.Trim(LastRemoved, next);
            _sums.Clear();
            long records = 0;
            for (var i = 0; i < _blocks.Count; i++)
            {
                if (i % BlocksPerSum == 0)
                {
                    _sums.Add(records);
                }

                records += _blocks[i].RecordCount;
            }
        }
    }

    /// <summary>Finds the first block that holds an LSN or a later one and may hold wanted records.</summary>
    /// <param name="from">Moved behind blocks that were skipped.</param>
    /// <param name="templates">What is wanted.</param>
    /// <param name="entry">The block.</param>
    public bool TryFind(ref Lsn from, TemplateSet templates, out BlockEntry entry)
    {
        while (true)
        {
            lock (_gate)
            {
                var found = Find(from);
                for (var end = Math.Min(_blocks.Count, found + BlocksPerLook); found < end; found++)
                {
                    entry = _blocks[found];
                    if (entry.MayHold(templates))
                    {
                        return true;
                    }

                    from = entry.LastLsn.Add(1);
                }

                if (found == _blocks.Count)
                {
                    entry = default;
                    return false;
                }
            }
        }
    }

    /// <summary>Finds where to read from for a slot and every later one.</summary>
    public bool TryFindSlot(ulong slot, out Lsn from)
    {
        lock (_gate)
        {
            return _slots.TryFind(slot, _maxSlot, out from);
        }
    }

    /// <summary>Finds where to read from for an engine time and every later one.</summary>
    public bool TryFindTime(ulong nanoseconds, out Lsn from)
    {
        lock (_gate)
        {
            return _times.TryFind(nanoseconds, _maxTime, out from);
        }
    }

    /// <summary>Counts the records behind an LSN.</summary>
    public long CountAfter(Lsn lsn)
    {
        lock (_gate)
        {
            var found = Find(lsn);
            if (found == _blocks.Count)
            {
                return 0;
            }

            var before = _sums[found / BlocksPerSum];
            for (var i = found - (found % BlocksPerSum); i < found; i++)
            {
                before += _blocks[i].RecordCount;
            }

            var block = _blocks[found];
            return _records - before - (lsn.Value < block.FirstLsn ? 0 : (long)(lsn.Value - block.FirstLsn + 1));
        }
    }

    /// <summary>The last durable sequence of every session, most recent last.</summary>
    public StreamPosition[] GetPositions()
    {
        lock (_gate)
        {
            return _ranges.GetPositions();
        }
    }

    /// <summary>Every durable range, most recent session last.</summary>
    public SequenceRange[] GetRanges()
    {
        lock (_gate)
        {
            return [.. _ranges.GetRanges().Select(static r => r.Range)];
        }
    }

    /// <summary>The last durable LSN of a session.</summary>
    public Lsn GetLastLsn(uint source, ulong session)
    {
        lock (_gate)
        {
            return _ranges.GetLastLsn(source, session);
        }
    }

    public RangeTable CopyRanges()
    {
        var copy = new RangeTable();
        lock (_gate)
        {
            foreach (var (range, lastLsn) in _ranges.GetRanges())
            {
                copy.Add(in range, lastLsn);
            }
        }

        return copy;
    }

    public ulong GetSequence(uint source, ulong session)
    {
        lock (_gate)
        {
            return _ranges.GetPosition(source, session);
        }
    }

    private void Add(in BlockHeader header, uint number, long offset, ref int segment)
    {
        if (_blocks.Count % BlocksPerSum == 0)
        {
            _sums.Add(_records);
        }

        _blocks.Add(new BlockEntry(header.FirstLsn, offset, header.RecordCount, number, header.TemplateMap));
        _records += header.RecordCount;
        _rawBytes += header.RawLength;
        _ranges.Add(header.Sequences, header.LastLsn);
        _maxSlot = Math.Max(_maxSlot, header.MaxSlot);
        _maxTime = Math.Max(_maxTime, header.GreatestTime);
        _slots.Add(header.MaxSlot, new Lsn(header.FirstLsn));
        _times.Add(header.GreatestTime, new Lsn(header.FirstLsn));

        // Nearly always the newest; a commit that sealed one has blocks of the one before too.
        segment = segment < _segments.Count && _segments[segment].Number == number ? segment : _segments.FindLastIndex(s => s.Number == number);
        var entry = _segments[segment];
        entry.Blocks++;
        entry.Records += header.RecordCount;
        entry.RawBytes += header.RawLength;
        entry.LastLsn = header.LastLsn;
        _segments[segment] = entry;
    }

    // The first block that holds an LSN or a later one.
    private int Find(Lsn from)
    {
        int low = 0, high = _blocks.Count;
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high) / 2);
            if (_blocks[middle].LastLsn < from)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
