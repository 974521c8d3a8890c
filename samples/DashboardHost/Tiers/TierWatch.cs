using Mev.Sdk.DashboardHost.Archive;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.DashboardHost.Tiers;

/// <summary>Looks at the tiers once a second, for all browsers together.</summary>
/// <remarks>The catalogue is read every few seconds and the hot tier counted now and then, both at once when the mover has moved something: the rest is in memory.</remarks>
internal sealed class TierWatch(
    TierMover mover, TierCatalogueStore catalogue, ITierSource source, DuckDbStore database, HistoryPlanner planner, IEnumerable<Projector> projectors, ArchiveWatch archive, IOptions<StorageOptions> options, TimeProvider time,
    ILogger<TierWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CataloguePeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CountPeriod = TimeSpan.FromSeconds(20);

    private readonly Projector[] _projectors = [.. projectors];
    private IReadOnlyList<PartitionFacts> _hot = [];
    private DateTimeOffset? _countedAt;
    private TierCatalogue _catalogue = TierCatalogue.Empty;
    private DateTimeOffset? _readAt;
    private long _moves;
    private volatile TierFacts? _latest;

    /// <summary>What was seen last; null before the first look.</summary>
    public TierFacts? Latest => _latest;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            string? problem = null;
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning(exception, "The tiers could not be looked at; the next attempt follows");
                problem = exception.Message;
            }

            _latest = Compose(problem);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var (now, moves) = (time.GetUtcNow(), mover.State.Moves);
        var hasMoved = moves != _moves;
        if (hasMoved || _readAt is null || now - _readAt > CataloguePeriod)
        {
            _catalogue = await catalogue.ReadAsync(cancellationToken);
            _readAt = now;
        }

        if (hasMoved || _countedAt is null || now - _countedAt > CountPeriod)
        {
            _hot = await source.GetPartitionsAsync(cancellationToken);
            _countedAt = now;
        }

        _moves = moves;
    }

    private TierFacts Compose(string? problem) => new(
        time.GetUtcNow(),
        _countedAt,
        problem,
        [Hot(), Warm(), Cold()],
        [.. _projectors.Select(static p => new ProjectorLine(p.Target, p.Lag, p.Checkpoint, p.LastError?.Message)).OrderBy(static p => p.Target, StringComparer.Ordinal)],
        mover.State,
        options.Value.Tiers,
        _catalogue);

    private TierLine Hot()
    {
        // What was published is answered by the warm tier, also as long as it is not deleted here.
        var own = _hot.Where(fact => _catalogue.Find(fact.Partition) is null).ToArray();
        return Line(HistoryTier.Hot, [.. own.Select(static fact => fact.Partition)], own.Sum(static fact => fact.Rows), SizeOf(database.Path) + SizeOf(database.Path + ".wal"), null, "");
    }

    private TierLine Warm()
    {
        var own = _catalogue.Entries.Where(static entry => entry.Tier == HistoryTier.Warm).ToArray();
        var parts = own.SelectMany(static entry => entry.Parts).ToArray();
        return Line(
            HistoryTier.Warm, [.. own.Select(static entry => entry.Partition)], own.Sum(static entry => entry.Rows), parts.Sum(static part => part.Bytes), parts.Sum(static part => part.RowBytes), "rows in RowBinary");
    }

    private TierLine Cold()
    {
        var own = _catalogue.Entries.Where(static entry => entry.Tier == HistoryTier.Cold).ToArray();
        var sums = archive.Latest?.ReadBack ?? default;

        // The archive has every sealed record, whichever tier answers for it; the ratio is that of the objects that were opened.
        long? raw = sums.StoredBytes == 0 || archive.Latest is not { } facts ? null : (long)((double)sums.FrameBytes / sums.StoredBytes * facts.StoredBytes);
        return Line(HistoryTier.Cold, [.. own.Select(static entry => entry.Partition)], own.Sum(static entry => entry.Rows), archive.Latest?.StoredBytes, raw, "frames; the archive has every sealed record, hot and warm ones too");
    }

    private TierLine Line(HistoryTier tier, TierPartition[] partitions, long rows, long? stored, long? raw, string rawIs)
    {
        var slots = partitions.Where(static p => p.Range == HistoryRange.Slot).ToArray();
        var days = partitions.Where(static p => p.Range == HistoryRange.Time).ToArray();
        return new TierLine(
            tier,
            string.Join(", ", planner.Stores.Where(store => store.Tier == tier).Select(static store => store.Name)),
            partitions.Length,
            rows,
            slots.Length == 0 ? null : (ulong)slots.Min(static p => p.First),
            slots.Length == 0 ? null : (ulong)Int128.Min(ulong.MaxValue, slots.Max(static p => p.Last)),
            days.Length == 0 ? null : DayOf(days.Min(static p => p.Day)),
            days.Length == 0 ? null : DayOf(days.Max(static p => p.Day)),
            stored,
            raw,
            rawIs);
    }

    private static DateOnly DayOf(long day) => DateOnly.FromDayNumber((int)Math.Clamp(day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber, 0, DateOnly.MaxValue.DayNumber));

    private static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
