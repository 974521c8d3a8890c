using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Journal;

/// <content>Deletes the oldest segments; docs/journal-format.md, "Retention".</content>
public sealed partial class RecordJournal
{
    private static readonly TimeSpan RetentionPause = TimeSpan.FromSeconds(1);
    private readonly long _maxBytes;
    private readonly TimeSpan _maxAge;
    private IRetentionHold[] _holds = [];
    private uint _undeleted;
    private long _retentionChecked;
    private volatile bool _retentionOn;

    /// <summary>Adds somebody whose unread records are kept. Add it before the first write: retention acts after each commit.</summary>
    /// <param name="hold">Asked on the writer's thread; adding it twice has no effect.</param>
    public void AddRetentionHold(IRetentionHold hold)
    {
        ArgumentNullException.ThrowIfNull(hold);
        lock (_gate)
        {
            _holds = _holds.Contains(hold) ? _holds : [.. _holds, hold];
        }
    }

    /// <summary>Ends a hold.</summary>
    /// <param name="hold">A hold that was added; another one has no effect.</param>
    public void RemoveRetentionHold(IRetentionHold hold)
    {
        lock (_gate)
        {
            _holds = [.. _holds.Where(h => h != hold)];
        }
    }

    /// <summary>Lets retention begin, when the journal was opened with it waiting for its holds.</summary>
    internal void StartRetention() => _retentionOn = true;

    private void ApplyRetention()
    {
        if (!_retentionOn || (_maxBytes == long.MaxValue && _maxAge == TimeSpan.MaxValue)
            || (_retentionChecked != 0 && _undeleted == 0 && _maxBytes > _index.Statistics.StoredBytes && _time.GetElapsedTime(_retentionChecked) < RetentionPause))
        {
            return;
        }

        _retentionChecked = _time.GetTimestamp();
        var needed = GetNeeded();
        var stored = _index.Statistics.StoredBytes;
        var segments = _index.GetSegments();
        var oldest = _time.GetUtcNow() - DateTimeOffset.UnixEpoch;

        // Never the newest: what it carries and holds is how sessions know where to resume.
        for (var i = 0; i < segments.Length - 1 && TryDeletePending(); i++)
        {
            var segment = segments[i];
            var age = oldest - TimeSpan.FromTicks(segments[i + 1].CreatedNanoseconds / TimeSpan.NanosecondsPerTick);
            if (!segment.IsSealed || segment.LastLsn >= needed || (stored <= _maxBytes && age <= _maxAge))
            {
                return;
            }

            stored -= segment.StoredBytes;
            _index.RemoveOldest();
            _undeleted = segment.Number;
            Log.SegmentRemoved(_logger, SegmentFiles.GetPath(Directory, segment.Number), segment.LastLsn, segment.StoredBytes);
            StorageMetrics.JournalRemovedBytes.Add(segment.StoredBytes);
        }

        TryDeletePending();
    }

    // The first LSN that somebody still reads.
    private Lsn GetNeeded()
    {
        var needed = new Lsn(ulong.MaxValue);
        foreach (var hold in Volatile.Read(ref _holds))
        {
            var from = hold.NeededFrom;
            needed = from < needed ? from : needed;
        }

        return needed;
    }

    // One file is gone for good before the next is touched, so that a crash leaves no hole.
    private bool TryDeletePending()
    {
        if (_undeleted == 0)
        {
            return true;
        }

        var path = SegmentFiles.GetPath(Directory, _undeleted);
        try
        {
            _folder.Disk.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.SegmentNotRemoved(_logger, e, path);
            return false;
        }

        _folder.Disk.SyncDirectory(Directory);
        _undeleted = 0;
        return true;
    }
}
