using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <summary>The durable blocks, their sums, and the sequences of each session. Thread-safe.</summary>
internal sealed class JournalIndex
{
    private const int BlocksPerSum = 256;

    /// <summary>Blocks looked at in one go: the writer waits no longer for a reader that skips.</summary>
    private const int BlocksPerLook = 1 << 16;
    private readonly Lock _gate = new();
    private readonly List<BlockEntry> _blocks = [];

    /// <summary>Records before every 256th block: what a count needs, without 8 bytes a block.</summary>
    private readonly List<long> _sums = [];
    private readonly RangeTable _ranges = new();
    private long _records;
    private long _rawBytes;
    private long _storedBytes;
    private int _segments;
    private ulong _durable;

    public Lsn DurableLsn => new(Volatile.Read(ref _durable));

    public JournalStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new JournalStatistics(_records, _rawBytes, _storedBytes, _blocks.Count, _segments);
            }
        }
    }

    /// <summary>Adds durable blocks and whatever else of the files' size became durable.</summary>
    public void Publish(ReadOnlySpan<(BlockHeader Header, uint Segment, long Offset)> blocks, long storedBytes, int segments)
    {
        lock (_gate)
        {
            foreach (ref readonly var block in blocks)
            {
                ref readonly var header = ref block.Header;
                if (_blocks.Count % BlocksPerSum == 0)
                {
                    _sums.Add(_records);
                }

                _blocks.Add(new BlockEntry(header.FirstLsn, block.Offset, header.RecordCount, block.Segment, header.TemplateMap));
                _records += header.RecordCount;
                _rawBytes += header.RawLength;
                _ranges.Add(header.Sequences, header.LastLsn);
            }

            _storedBytes += storedBytes;
            _segments += segments;
            if (blocks.Length > 0)
            {
                Volatile.Write(ref _durable, blocks[^1].Header.LastLsn.Value);
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

    public ulong GetSequence(uint source, ulong session)
    {
        lock (_gate)
        {
            return _ranges.GetPosition(source, session);
        }
    }
}
