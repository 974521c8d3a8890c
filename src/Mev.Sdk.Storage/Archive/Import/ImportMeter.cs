namespace Mev.Sdk.Storage.Archive.Import;

/// <summary>Counts what an import has done and tells about five times a second.</summary>
internal sealed class ImportMeter(TimeProvider time, IProgress<ArchiveImportProgress>? progress)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private readonly long _start = time.GetTimestamp();
    private long _told = long.MinValue;
    private int _files;
    private long _bytes;
    private long _bytesBefore;
    private string _file = "";

    public int FilesTotal { get; set; }

    public long BytesTotal { get; set; }

    public long Transactions { get; set; }

    public int Objects { get; set; }

    public List<ArchiveImportProblem> Problems { get; } = [];

    /// <summary>A file is done: taken, refused, or by an earlier run.</summary>
    public void Done(ImportFile file, bool isOfEarlierRun)
    {
        _files++;
        _bytes += file.Length;
        _bytesBefore += isOfEarlierRun ? file.Length : 0;
        _file = file.Name;
        Tell(isEnd: false);
    }

    public void Tell(bool isEnd)
    {
        var now = time.GetTimestamp();
        if (progress is null || (!isEnd && _told != long.MinValue && time.GetElapsedTime(_told, now) < Every))
        {
            return;
        }

        _told = now;
        var seconds = time.GetElapsedTime(_start, now).TotalSeconds;
        var rate = seconds > 0 ? (_bytes - _bytesBefore) / seconds : 0;
        var remaining = isEnd ? TimeSpan.Zero : rate > 0 ? TimeSpan.FromSeconds(Math.Min((BytesTotal - _bytes) / rate, TimeSpan.MaxValue.TotalSeconds / 2)) : (TimeSpan?)null;
        progress.Report(new ArchiveImportProgress(_files, FilesTotal, _bytes, BytesTotal, Transactions, Problems.Count, Objects, rate, remaining, _file));
    }
}
