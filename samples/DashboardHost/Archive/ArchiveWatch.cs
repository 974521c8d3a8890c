using Mev.Sdk.Storage.Archive;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary>Looks at the archive once a second, for all browsers together.</summary>
/// <remarks>An object never changes: what the directory of one says is read once. Only the newest are opened, so that a year of objects costs no more than a day of them.</remarks>
internal sealed class ArchiveWatch(ArchiveSet archive, ArchiveSealer sealer, TimeProvider time, ILogger<ArchiveWatch> logger) : BackgroundService
{
    /// <summary>Objects that the page lists.</summary>
    public const int MaxListed = 100;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // A bucket bills for listings: one is made when an object was put, and now and then for those of others.
    private static readonly TimeSpan ListingPeriod = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, ArchiveObjectInfo> _infos = new(StringComparer.Ordinal);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMinutes(5);
    private readonly Dictionary<string, (long At, string Problem)> _failures = new(StringComparer.Ordinal);
    private IReadOnlyList<ArchiveEntry> _entries = [];
    private long _listedAt;
    private long _objectsThen = -1;
    private volatile ArchiveFacts? _latest;

    /// <summary>What was seen last; null before the first look.</summary>
    public ArchiveFacts? Latest => _latest;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                _latest = await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning(exception, "The archive could not be looked at; the next attempt follows");
                _latest = (_latest ?? Empty()) with { At = time.GetUtcNow(), Problem = exception.Message };
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private ArchiveFacts Empty() => new(time.GetUtcNow(), Lsn.None, 0, null, 0, 0, [], [], default);

    private async ValueTask<IReadOnlyList<ArchiveEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var objects = sealer.Objects;
        if (objects != _objectsThen || time.GetElapsedTime(_listedAt) > ListingPeriod)
        {
            _entries = await archive.RefreshAsync(cancellationToken);
            (_objectsThen, _listedAt) = (objects, time.GetTimestamp());
        }

        return _entries;
    }

    private async Task<ArchiveFacts> LookAsync(CancellationToken cancellationToken)
    {
        var entries = await ListAsync(cancellationToken);
        var newest = entries.Reverse().Take(MaxListed).ToArray();
        var (listed, unreadable) = (new List<ArchiveObjectInfo>(), new List<string>());
        foreach (var entry in newest)
        {
            // What cannot be opened is not asked for every second.
            if (_failures.TryGetValue(entry.Name, out var failure) && time.GetElapsedTime(failure.At) < RetryPeriod)
            {
                unreadable.Add(failure.Problem);
                continue;
            }

            try
            {
                if (!_infos.TryGetValue(entry.Name, out var info))
                {
                    _infos[entry.Name] = info = (await archive.OpenAsync(entry, cancellationToken)).Info;
                }

                _failures.Remove(entry.Name);
                listed.Add(info);
            }
            catch (Exception exception) when (exception is InvalidDataException or ArchiveKeyException or BlobNotFoundException)
            {
                _failures[entry.Name] = (time.GetTimestamp(), exception.Message);
                unreadable.Add(exception.Message);
            }
        }

        // What fell out of the list is not kept.
        foreach (var gone in _infos.Keys.Concat(_failures.Keys).Except(newest.Select(static entry => entry.Name), StringComparer.Ordinal).ToArray())
        {
            _infos.Remove(gone);
            _failures.Remove(gone);
        }

        return new ArchiveFacts(
            time.GetUtcNow(), sealer.ArchivedTo, sealer.Lag, sealer.LastError?.Message, entries.Count, entries.Sum(static entry => entry.Length), listed, unreadable,
            new ArchiveSums(listed.Count, listed.Sum(static i => i.Frames), listed.Sum(static i => i.Transactions), listed.Sum(static i => i.FrameBytes), listed.Sum(static i => i.Length)));
    }
}
