using Mev.Sdk.Storage.Internal;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage.Journal;

/// <summary>A journal's folder, locked and recovered: what opening does before anything is written.</summary>
internal sealed class JournalFolder : IDisposable
{
    public const string LockFileName = "writer.lock";
    private readonly ExclusiveLock _lock;

    private JournalFolder(string path, ExclusiveLock held, LsnLimitFile limits)
    {
        Path = path;
        _lock = held;
        Limits = limits;
    }

    public string Path { get; }

    public LsnLimitFile Limits { get; }

    public JournalIndex Index { get; } = new();

    public uint LastSegment { get; private set; }

    public Lsn NextLsn { get; private set; }

    public static JournalFolder Open(string directory, ushort logId, Func<string, FileMode, SegmentFile> open, ILogger logger)
    {
        var path = System.IO.Path.GetFullPath(directory);
        Folders.Create(path, "the journal");
        var held = ExclusiveLock.Acquire(System.IO.Path.Combine(path, LockFileName), $"The journal in '{path}'");
        LsnLimitFile? limits = null;
        try
        {
            limits = LsnLimitFile.Open(path, logId, open);
            var folder = new JournalFolder(path, held, limits);
            folder.Recover(logId, open, logger);
            DirectorySync.Flush(path);
            return folder;
        }
        catch
        {
            limits?.Dispose();
            held.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Limits.Dispose();
        _lock.Dispose();
    }

    private void Recover(ushort logId, Func<string, FileMode, SegmentFile> open, ILogger logger)
    {
        // Only headers were ever in these: a segment gets its name before its first block.
        foreach (var unfinished in Directory.EnumerateFiles(Path, "*" + SegmentFiles.TemporaryExtension))
        {
            File.Delete(unfinished);
        }

        var segments = SegmentFiles.List(Path);
        for (var i = 0; i < segments.Count; i++)
        {
            var (number, path) = segments[i];
            var scanner = new SegmentScanner(path, number, logId);
            scanner.Scan(isLast: i == segments.Count - 1, Index.DurableLsn);
            var length = scanner.FileLength;
            if (!scanner.IsSealed)
            {
                length = CutAndSeal(scanner, path, open, logger);
            }

            Index.Publish(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(scanner.Blocks), length, segments: 1);
            LastSegment = number;
        }

        // A limit is stored before the first record is taken: records without one mean that it is gone.
        SetNextLsn(logId, limitLost: Limits.IsDamaged || (Limits.Limit == Lsn.None && segments.Count > 0), logger);
    }

    private long CutAndSeal(SegmentScanner scanner, string path, Func<string, FileMode, SegmentFile> open, ILogger logger)
    {
        var torn = scanner.FileLength - scanner.ValidLength;
        if (torn > 0)
        {
            Log.TornTailCut(logger, path, scanner.ValidLength, torn);
        }

        using (var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read))
        {
            RandomAccess.SetLength(handle, scanner.ValidLength);
        }

        using var file = open(path, FileMode.Open);
        var last = scanner.Blocks.Count > 0 ? scanner.Blocks[^1].Header.LastLsn : Index.DurableLsn;
        SegmentWriter.Seal(file, scanner.ValidLength, last, scanner.ValidLength);
        return scanner.ValidLength + BlockHeader.Size;
    }

    private void SetNextLsn(ushort logId, bool limitLost, ILogger logger)
    {
        var first = Lsn.Create(logId, 1);
        var afterLast = Index.DurableLsn == Lsn.None ? first : Index.DurableLsn.Add(1);
        NextLsn = Limits.Limit > afterLast ? Limits.Limit : afterLast;
        if (limitLost)
        {
            NextLsn = NextLsn.Add(LsnLimitFile.LostSkip);
            Log.LimitLost(logger, Limits.Path, NextLsn);
        }
    }
}
