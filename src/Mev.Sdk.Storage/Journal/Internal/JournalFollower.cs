using System.Runtime.InteropServices;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Keeps an index of a folder that another process writes. Thread-safe.</summary>
internal sealed class JournalFollower(JournalDisk disk, string directory, IKeyProvider? keys)
{
    private readonly Lock _gate = new();

    // The segment read last, and how far; whole and done with when it is sealed.
    private uint _segment;
    private long _read;
    private bool _sealed = true;

    public string Directory { get; } = directory;

    public JournalIndex Index { get; } = new();

    /// <summary>Looks for new durable blocks, and for old segments that are gone.</summary>
    /// <exception cref="InvalidDataException">The journal is damaged before its durable end.</exception>
    public void Refresh()
    {
        lock (_gate)
        {
            // The mark first: what it calls durable is in the files that are listed after it was read.
            var mark = DurableMark.Read(disk, Directory);
            var segments = SegmentFiles.List(disk, Directory);
            Forget(segments);
            for (var i = 0; i < segments.Count; i++)
            {
                var (number, path) = segments[i];
                var isLast = i == segments.Count - 1;
                if (number > _segment || (number == _segment && !_sealed))
                {
                    try
                    {
                        Read(number, path, isLast, mark);
                    }
                    catch (FileNotFoundException) when (i == 0 || number > _segment)
                    {
                        // Deleted since it was listed; the next look finds it gone.
                        return;
                    }
                }
            }
        }
    }

    private void Read(uint number, string path, bool isLast, DurableMark? mark)
    {
        // A mark of another segment than the last is older than this one: nothing of it is known to be durable yet.
        if (isLast && mark is { } other && other.Segment != number)
        {
            return;
        }

        var isNew = number != _segment;
        var from = isNew ? SegmentHeader.Size : _read;
        var scanner = new SegmentScanner(disk, path, number, logId: null, keys);
        scanner.ScanOn(from, !isLast ? long.MaxValue : mark?.Length, Index.DurableLsn);
        if (Index.GetSegments().Length == 0 && isNew)
        {
            Index.Carry(scanner.Carried, scanner.LastBefore);
        }

        if (!isLast && !scanner.IsSealed)
        {
            throw BlockReader.Damage(path, scanner.ValidLength, "it lacks its seal, although a later segment exists");
        }

        var bytes = scanner.ValidLength - (isNew ? 0 : _read);
        (_segment, _read, _sealed) = (number, scanner.ValidLength, scanner.IsSealed);
        Index.Publish(CollectionsMarshal.AsSpan(scanner.Blocks), [new SegmentGrowth(number, bytes, scanner.Header.CreatedNanoseconds, _sealed)]);
    }

    private void Forget(List<(uint Number, string Path)> segments)
    {
        var oldest = segments.Count > 0 ? segments[0].Number : uint.MaxValue;
        foreach (var segment in Index.GetSegments())
        {
            if (segment.Number >= oldest)
            {
                return;
            }

            Index.RemoveOldest();
        }
    }
}
