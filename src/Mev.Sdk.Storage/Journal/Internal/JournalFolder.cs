using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Storage.Journal;

/// <summary>A journal's folder, locked and recovered: what opening does before anything is written.</summary>
internal sealed class JournalFolder : IDisposable
{
    public const string LockFileName = "writer.lock";
    private readonly IDisposable _lock;
    private readonly ushort _logId;
    private readonly bool _encryptionRequired;
    private readonly ILogger _logger;
    private JournalFile? _mark;

    private JournalFolder(string path, JournalOptions options, JournalDisk disk, IKeyProvider? keys, ILogger logger)
    {
        Path = path;
        Disk = disk;
        Keys = keys;
        _logId = options.LogId;
        _encryptionRequired = options.Encryption.Required;
        _logger = logger;
        _lock = disk.Lock(System.IO.Path.Combine(path, LockFileName), $"The journal in '{path}'");
    }

    public string Path { get; }

    public JournalDisk Disk { get; }

    public IKeyProvider? Keys { get; }

    public LsnLimitFile Limits { get; private set; } = null!;

    public JournalIndex Index { get; } = new();

    public uint LastSegment { get; private set; }

    public Lsn NextLsn { get; private set; }

    public static JournalFolder Open(JournalOptions options, JournalDisk disk, IKeyProvider? keys, ILogger logger)
    {
        CheckCurrentKey(options, keys);
        var path = System.IO.Path.GetFullPath(options.Directory);
        disk.CreateDirectory(path);
        var folder = new JournalFolder(path, options, disk, keys, logger);
        try
        {
            folder.Limits = LsnLimitFile.Open(disk, path, options.LogId);
            folder.Recover();
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Tells other processes what is durable. They can do without for a while, so a full disk is no reason to stop.</summary>
    public void Announce(in DurableMark mark)
    {
        try
        {
            mark.WriteTo(_mark!, _logId);
        }
        catch (IOException e) when (JournalDisk.IsFull(e))
        {
            // The next commit tries again.
        }
    }

    public void Dispose()
    {
        _mark?.Dispose();
        Limits?.Dispose();
        _lock.Dispose();
    }

    /// <summary>Makes a new segment encrypted when there is a current key.</summary>
    /// <returns>Its cipher, or null when there is none and none is required.</returns>
    /// <exception cref="InvalidOperationException">There is no current key, and one is required.</exception>
    public SegmentCipher? BeginEncryption(ref SegmentHeader header, string path)
    {
        var current = GetCurrentKey(Keys, _encryptionRequired);
        return current == Guid.Empty ? null : SegmentCipher.Begin(ref header, current, Keys!, path);
    }

    private static Guid GetCurrentKey(IKeyProvider? keys, bool required)
    {
        var current = keys?.CurrentKeyId ?? Guid.Empty;
        return current != Guid.Empty || !required
            ? current
            : throw new InvalidOperationException(
                "Mev:Storage:Journal:Encryption:Required is true, but there is no current key: set Mev:Storage:Journal:Encryption:CurrentKeyId and "
                + "Keys, or register an IKeyProvider that has a current key.");
    }

    private static void CheckCurrentKey(JournalOptions options, IKeyProvider? keys)
    {
        var current = GetCurrentKey(keys, options.Encryption.Required);
        if (current == Guid.Empty)
        {
            return;
        }

        Span<byte> key = stackalloc byte[IKeyProvider.KeySize];
        var known = keys!.TryGetKey(current, key);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(key);
        if (!known)
        {
            throw new JournalKeyException(options.Directory, current, "is the current one and is not known");
        }
    }

    private void Recover()
    {
        // Only headers and ranges were ever in these: a segment gets its name before its first record.
        foreach (var unfinished in Disk.List(Path, SegmentFiles.TemporaryExtension).ToArray())
        {
            Disk.Delete(unfinished);
        }

        var mark = DurableMark.Read(Disk, Path, _logId);
        var segments = SegmentFiles.List(Disk, Path);
        ThrowIfLastIsMissing(segments, mark);
        long length = 0;
        for (var i = 0; i < segments.Count; i++)
        {
            var (number, path) = segments[i];
            var synced = mark is { IsSynced: true } && mark.Value.Segment == number ? mark.Value.Length : 0;
            var scanner = new SegmentScanner(Disk, path, number, _logId, Keys);
            scanner.Scan(isFirst: i == 0, isLast: i == segments.Count - 1 && number > Limits.SealedSegment, Index.DurableLsn, synced);
            ThrowIfPlain(path, scanner.Header);
            if (i == 0)
            {
                Index.Carry(scanner.Carried, scanner.LastBefore);
            }

            length = scanner.IsSealed ? scanner.FileLength : CutAndSeal(scanner, path);
            Index.Publish(CollectionsMarshal.AsSpan(scanner.Blocks), [new SegmentGrowth(number, length, scanner.Header.CreatedNanoseconds, IsSealed: true)]);
        }

        LastSegment = Math.Max(segments.Count > 0 ? segments[^1].Number : 0, Limits.SealedSegment);
        _mark = Disk.Open(System.IO.Path.Combine(Path, DurableMark.FileName), FileMode.OpenOrCreate);
        Disk.SyncDirectory(Path);

        // Also when there is nothing: what an earlier journal left there must not be believed.
        Announce(new DurableMark(LastSegment, length, Index.DurableLsn, IsSynced: true));

        // A limit is stored before the first record is taken: records without one mean that it is gone.
        SetNextLsn(limitLost: Limits.IsDamaged || (Limits.Limit == Lsn.None && segments.Count > 0));
    }

    // Two files know of segments that are gone: the limits of sealed ones, the mark of the last one. A segment has its name, durably, before either speaks of it.
    private void ThrowIfLastIsMissing(List<(uint Number, string Path)> segments, DurableMark? mark)
    {
        var last = segments.Count > 0 ? segments[^1].Number : 0;
        var marked = mark is { Length: > 0 } && mark.Value.DurableLsn != Lsn.None ? mark.Value.Segment : 0;
        var known = Math.Max(marked, segments.Count > 0 ? Limits.SealedSegment : 0);
        if (known > last)
        {
            var durable = System.IO.Path.Combine(Path, DurableMark.FileName);
            throw new InvalidDataException(segments.Count > 0
                ? $"The journal lacks '{SegmentFiles.GetPath(Path, known)}' behind '{segments[^1].Path}', which was written to its end: restore it from a copy. "
                    + $"If it is really lost, delete '{Limits.Path}' and '{durable}': what is left is used then, and LSNs are skipped. Nothing was changed."
                : $"The journal has no segment left, although '{durable}' says that there were records up to LSN {mark!.Value.DurableLsn} in '{SegmentFiles.GetPath(Path, known)}': restore the "
                    + $"segments from a copy. If they are really lost, delete '{durable}' and keep '{Limits.Path}': an empty journal goes on then behind the numbers that were given. Nothing was changed.");
        }

        if (segments.Count == 0 && Limits.SealedSegment > 0 && mark is null)
        {
            Log.SegmentsGone(_logger, Path, Limits.SealedSegment);
        }
    }

    private void ThrowIfPlain(string path, in SegmentHeader header)
    {
        if (_encryptionRequired && !header.IsEncrypted)
        {
            throw new InvalidDataException(
                $"The journal segment '{path}' is not encrypted, which Mev:Storage:Journal:Encryption:Required refuses: archive it elsewhere, or set Required to false. Nothing was changed.");
        }
    }

    private long CutAndSeal(SegmentScanner scanner, string path)
    {
        Log.TornTailCut(_logger, path, scanner.ValidLength, scanner.FileLength - scanner.ValidLength);
        var header = scanner.Header;
        using var cipher = SegmentCipher.Open(ref header, Keys, path);
        cipher?.UseRecoveryCounter();
        var last = scanner.Blocks.Count > 0 ? scanner.Blocks[^1].Header.LastLsn : Index.DurableLsn;
        var blocks = new BlockEncoder(JournalCompression.None);
        blocks.AddSeal(last, scanner.ValidLength, scanner.ValidLength, cipher);
        using var file = Disk.Open(path, FileMode.Open);
        file.SetLength(scanner.ValidLength);

        // The seal says that everything before it is synced; a killed process may have left it in the system's memory only.
        file.Flush();
        file.Write(blocks.Written, scanner.ValidLength);
        file.Flush();
        Limits.StoreSealed(scanner.Number);
        return scanner.ValidLength + BlockHeader.Size;
    }

    private void SetNextLsn(bool limitLost)
    {
        var first = Lsn.Create(_logId, 1);
        var afterLast = Index.DurableLsn == Lsn.None ? first : Index.DurableLsn.Add(1);
        NextLsn = Limits.Limit > afterLast ? Limits.Limit : afterLast;
        if (limitLost)
        {
            NextLsn = NextLsn.Add(LsnLimitFile.LostSkip);
            Log.LimitLost(_logger, Limits.Path, NextLsn);
        }
    }
}
