using System.Diagnostics.CodeAnalysis;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers.Internal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Storage.Tiers;

/// <summary>Moves partitions that are due from tier to tier: copies, verifies, publishes, and only then deletes.</summary>
/// <remarks>
/// Of several movers over one catalogue, in one process or many, one works. Killed at any point it goes on where it was; docs/tiers.md has the argument. A failed move is tried again with the next
/// pass and keeps none of the others from moving. Properties are thread-safe.
/// </remarks>
public sealed class TierMover : BackgroundService
{
    private const int MaxTries = 5;
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(10);

    private readonly ITierSource _source;
    private readonly ITierTarget _target;
    private readonly IColdTier? _cold;
    private readonly TierCatalogueStore _catalogue;
    private readonly TierPolicy _policy;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _claim;
    private readonly long _bytesPerSecond;
    private readonly bool _isDryRun;
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _passing = new(1, 1);
    private TierMoverState _state = new();
    private long _claimedAt;

    /// <summary>Makes a mover; <see cref="BackgroundService.StartAsync"/> lets it work every now and then, <see cref="RunAsync"/> once.</summary>
    /// <param name="source">The hot tier.</param>
    /// <param name="target">The warm tier.</param>
    /// <param name="cold">The archive; null = nothing becomes cold.</param>
    /// <param name="catalogue">What says which tier answers for what.</param>
    /// <param name="options">Read once.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="logger">Where moves and failures are told; nowhere when null.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names its key.</exception>
    public TierMover(
        ITierSource source, ITierTarget target, IColdTier? cold, TierCatalogueStore catalogue, TierMoverOptions? options = null, TimeProvider? timeProvider = null, ILogger<TierMover>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(catalogue);
        options ??= new TierMoverOptions();
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        (_source, _target, _cold, _catalogue) = (source, target, cold, catalogue);
        _policy = new TierPolicy(options.Policy);
        _time = timeProvider ?? TimeProvider.System;
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        (_interval, _claim, _bytesPerSecond, _isDryRun) = (options.Interval, options.ClaimDuration, options.MegabytesPerSecond * 1_000_000L, options.DryRun);
    }

    /// <summary>What it is doing, and what is due.</summary>
    public TierMoverState State => Volatile.Read(ref _state);

    /// <summary>Lists what is due, and what holds it up, and moves nothing.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Oldest first. Whether the archive holds a partition is only asked when it is moved.</returns>
    public async ValueTask<IReadOnlyList<TierMove>> PlanAsync(CancellationToken cancellationToken = default)
    {
        var catalogue = await _catalogue.ReadAsync(cancellationToken).ConfigureAwait(false);
        var due = _policy.Plan(await GetFactsAsync(catalogue, cancellationToken).ConfigureAwait(false), _time.GetUtcNow());
        Update(state => state with { Due = due });
        TierFigures.Tell(catalogue, due);
        return due;
    }

    /// <summary>Moves what is due, once.</summary>
    /// <param name="cancellationToken">Gives up; whoever comes next goes on.</param>
    /// <returns>Moves that were completed; 0 also when another mover works.</returns>
    /// <exception cref="AggregateException">Moves failed; all others were made.</exception>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken = default)
    {
        await _passing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isDryRun)
            {
                await PlanAsync(cancellationToken).ConfigureAwait(false);
                return 0;
            }

            var moves = await ClaimAsync(cancellationToken).ConfigureAwait(false) ? await PassAndReleaseAsync(cancellationToken).ConfigureAwait(false) : 0;
            Update(state => state with { LastPass = _time.GetUtcNow(), LastError = null });
            return moves;
        }
        catch (MoverFencedException e)
        {
            Update(state => state with { Other = e.Other });
            return 0;
        }
        finally
        {
            Update(static state => state with { Current = null, Step = "", Table = "", RowsDone = 0, RowsTotal = 0 });
            _passing.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _passing.Dispose();
    }

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a store throws, the answer is to tell it and to try again later.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Update(state => state with { LastError = e, LastPass = _time.GetUtcNow() });
                StorageMetrics.TierFailures.Add(1);
                Log.TierPassFailed(_logger, e, _interval);
            }

            await Task.Delay(_interval, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Update(Func<TierMoverState, TierMoverState> change) => Volatile.Write(ref _state, change(_state));

    private async ValueTask<bool> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var catalogue = await _catalogue.ChangeAsync(
            catalogue => catalogue.Mover is { } other && other != _name && catalogue.MovesUntil > now && catalogue.MovesUntil <= now + TimeSpan.FromHours(1)
                ? catalogue
                : catalogue with { Mover = _name, MovesUntil = now + _claim },
            cancellationToken).ConfigureAwait(false);
        _claimedAt = _time.GetTimestamp();
        Update(state => state with { Other = catalogue.Mover == _name ? null : catalogue.Mover });
        return catalogue.Mover == _name;
    }

    private async ValueTask<int> PassAndReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await PassAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await ReleaseAsync().ConfigureAwait(false);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A claim that cannot be given back runs out by itself.")]
    private async ValueTask ReleaseAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(ReleasePatience, _time);
            await _catalogue.ChangeAsync(catalogue => catalogue.Mover == _name ? catalogue with { Mover = null, MovesUntil = null } : catalogue, patience.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whatever keeps the catalogue from being written is told by the pass itself, or by the next.
        }
    }

    // Every change of the catalogue is made as long as this mover has it, and says that it goes on having it.
    private async ValueTask<TierCatalogue> ChangeAsync(Func<TierCatalogue, TierCatalogue> change, CancellationToken cancellationToken)
    {
        var until = _time.GetUtcNow() + _claim;
        var changed = await _catalogue.ChangeAsync(
            catalogue => catalogue.Mover == _name ? change(catalogue) with { Mover = _name, MovesUntil = until } : throw new MoverFencedException(catalogue.Mover), cancellationToken).ConfigureAwait(false);
        _claimedAt = _time.GetTimestamp();
        return changed;
    }

    [SuppressMessage("Design", "CA1031", Justification = "One move that fails keeps none of the others from moving; all failures are thrown at the end.")]
    private async ValueTask<int> PassAsync(CancellationToken cancellationToken)
    {
        var catalogue = await _catalogue.ReadAsync(cancellationToken).ConfigureAwait(false);
        await RemoveLeftoversAsync(catalogue, cancellationToken).ConfigureAwait(false);
        var facts = await GetFactsAsync(catalogue, cancellationToken).ConfigureAwait(false);
        var due = _policy.Plan(facts, _time.GetUtcNow()).ToList();

        // What was begun is finished, and what came late follows the rest of its partition, whatever the policy says.
        foreach (var entry in catalogue.Entries)
        {
            var rows = facts.Where(f => f.Tier == HistoryTier.Hot && f.Partition == entry.Partition).Sum(static f => f.Rows);
            if ((entry.IsPending || rows > 0 || (entry.Tier == HistoryTier.Cold && entry.Parts.Count > 0)) && !due.Exists(move => move.Partition == entry.Partition && move.From == HistoryTier.Hot && move.IsReady))
            {
                due.RemoveAll(move => move.Partition == entry.Partition && move.From == HistoryTier.Hot);
                due.Insert(0, new TierMove(entry.Partition, HistoryTier.Hot, entry.Tier, null));
            }
        }

        Update(state => state with { Due = due });
        TierFigures.Tell(catalogue, due);
        var moves = 0;
        var failures = new List<Exception>();
        foreach (var move in due.Where(static move => move.IsReady))
        {
            var fact = facts.FirstOrDefault(f => f.Partition == move.Partition && f.Tier == move.From);
            Update(state => state with { Current = move, RowsDone = 0, RowsTotal = fact?.Rows ?? 0 });
            try
            {
                if (await MoveAsync(move, fact, cancellationToken).ConfigureAwait(false))
                {
                    moves++;
                    Update(state => state with { Moves = state.Moves + 1 });
                    Log.PartitionMoved(_logger, move.Partition, fact?.Rows ?? 0, move.From, move.To);
                }
            }
            catch (Exception e) when (e is not MoverFencedException && !cancellationToken.IsCancellationRequested)
            {
                failures.Add(e);
            }
        }

        return failures.Count == 0 ? moves : throw new AggregateException($"{failures.Count} of {due.Count(static move => move.IsReady)} moves failed; they are tried again.", failures);
    }

    private async ValueTask<List<PartitionFacts>> GetFactsAsync(TierCatalogue catalogue, CancellationToken cancellationToken)
    {
        var hot = await _source.GetPartitionsAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. hot.Select(fact => fact with { IsPinned = catalogue.Pins.Contains(fact.Partition) }),
            .. catalogue.Entries.Where(static entry => entry.Tier == HistoryTier.Warm).Select(entry => new PartitionFacts
            {
                Partition = entry.Partition,
                Tier = HistoryTier.Warm,
                Rows = entry.Rows,
                Newest = entry.Newest,
                IsPinned = catalogue.Pins.Contains(entry.Partition),

                // Asked when the partition is moved: looking at the objects takes its time.
                IsArchived = _cold is not null,
            }),
        ];
    }

    // Parts that no catalogue names: of moves that were killed, or of a mover that another one has taken over from and whose publishing is refused.
    private async ValueTask RemoveLeftoversAsync(TierCatalogue catalogue, CancellationToken cancellationToken)
    {
        var named = catalogue.Entries.SelectMany(static entry => entry.Parts).Select(static part => part.Name).ToHashSet(StringComparer.Ordinal);
        var leftovers = new List<string>();
        await foreach (var name in _target.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!named.Contains(name))
            {
                leftovers.Add(name);
            }
        }

        foreach (var name in leftovers)
        {
            await _target.RemoveAsync(name, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> MoveAsync(TierMove move, PartitionFacts? fact, CancellationToken cancellationToken)
    {
        if (move.From == HistoryTier.Warm)
        {
            return await CoolAsync(move, cancellationToken).ConfigureAwait(false);
        }

        var copier = new PartCopier(_source, _target, new Throttle(_bytesPerSecond, _time), ProgressAsync);
        var catalogue = await _catalogue.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (catalogue.Find(move.Partition) is { IsPending: true } begun)
        {
            await EmptyAsync(copier, begun, cancellationToken).ConfigureAwait(false);
            catalogue = await _catalogue.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        var entry = catalogue.Find(move.Partition);
        if (entry?.Tier == HistoryTier.Cold)
        {
            return await ForgetAsync(entry, cancellationToken).ConfigureAwait(false);
        }

        var parts = new List<TierPart>();
        foreach (var table in move.Partition.Tables)
        {
            var earlier = entry?.Parts.Where(part => part.Table == table.Name).ToList() ?? [];
            if (await copier.CopyAsync(table, move.Partition, earlier, cancellationToken).ConfigureAwait(false) is { } part)
            {
                parts.Add(part);
            }
        }

        if (parts.Count == 0)
        {
            return false;
        }

        Update(static state => state with { Step = "publish", Table = "" });
        var published = (await ChangeAsync(
            current =>
            {
                var before = current.Find(move.Partition) ?? new TierEntry { Partition = move.Partition, Tier = HistoryTier.Warm };
                return current.With((before with { Newest = Later(before.Newest, fact?.Newest) }).With([.. before.Parts, .. parts]));
            },
            cancellationToken).ConfigureAwait(false)).Find(move.Partition)!;
        TierFigures.CameIn("warm", parts);
        await EmptyAsync(copier, published, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // Deletes in the source what is published. A part whose rows have changed meanwhile is made again first.
    private async ValueTask EmptyAsync(PartCopier copier, TierEntry entry, CancellationToken cancellationToken)
    {
        var emptied = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pending in entry.Parts.Where(static part => part.Source is not null))
        {
            var (table, part) = (HistoryTables.All.Single(t => t.Name == pending.Table), pending);
            for (var tries = 1; ; tries++)
            {
                await ProgressAsync("delete", table, 0).ConfigureAwait(false);
                if (await _source.DeleteAsync(table, entry.Partition, part.Source!.Value, cancellationToken).ConfigureAwait(false)
                    || !await copier.IsInSourceAsync(table, entry.Partition, part, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }

                if (tries == MaxTries)
                {
                    throw new IOException($"Rows of {table.Name} in {entry.Partition} changed {tries} times while they were moved: they stay in {_source.Name} until the next pass, and are answered from {_target.Name}.");
                }

                part = await ReplaceAsync(copier, table, entry.Partition, part, cancellationToken).ConfigureAwait(false);
            }

            StorageMetrics.TierRowsOut.Add(part.Source!.Value.Rows, new KeyValuePair<string, object?>("from", "hot"));
            emptied.Add(part.Name);
        }

        // One write for all: whoever comes between finds nothing to delete any more.
        Update(static state => state with { Step = "close", Table = "" });
        await ChangeAsync(
            catalogue => Edit(
                catalogue, entry.Partition, parts => [.. parts.Select(p => emptied.Contains(p.Name) ? p with { Source = null } : p).Where(static p => p.Sum.Rows > 0 || p.Source is not null)]),
            cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<TierPart> ReplaceAsync(PartCopier copier, HistoryTable table, TierPartition partition, TierPart old, CancellationToken cancellationToken)
    {
        var catalogue = await _catalogue.ReadAsync(cancellationToken).ConfigureAwait(false);
        var earlier = catalogue.Find(partition)!.Parts.Where(p => p.Table == table.Name && p.Name != old.Name).ToList();
        if (await copier.CopyAsync(table, partition, earlier, cancellationToken).ConfigureAwait(false) is not { } part)
        {
            return old;
        }

        await ChangeAsync(current => Edit(current, partition, parts => [.. parts.Select(p => p.Name == old.Name ? part : p)]), cancellationToken).ConfigureAwait(false);
        await _target.RemoveAsync(old.Name, cancellationToken).ConfigureAwait(false);
        return part;
    }

    private async ValueTask<bool> CoolAsync(TierMove move, CancellationToken cancellationToken)
    {
        var entry = (await _catalogue.ReadAsync(cancellationToken).ConfigureAwait(false)).Find(move.Partition);
        if (entry is null || entry.IsPending || _cold is null)
        {
            return false;
        }

        Update(static state => state with { Step = "verify", Table = "" });
        foreach (var part in entry.Parts)
        {
            await RenewAsync(cancellationToken).ConfigureAwait(false);
            if (await _cold.MissesAsync(part.FirstLsn, part.LastLsn, cancellationToken).ConfigureAwait(false) is { } missing)
            {
                Hold(move, $"the archive does not hold all of its records: {missing}");
                return false;
            }
        }

        Update(static state => state with { Step = "publish" });
        var published = await ChangeAsync(catalogue => catalogue.With(catalogue.Find(move.Partition)! with { Tier = HistoryTier.Cold }), cancellationToken).ConfigureAwait(false);
        TierFigures.Cooled(entry);
        return await ForgetAsync(published.Find(move.Partition)!, cancellationToken).ConfigureAwait(false);
    }

    // A cold partition's parts, and rows that came into the hot tier since: the archive answers for both.
    private async ValueTask<bool> ForgetAsync(TierEntry entry, CancellationToken cancellationToken)
    {
        Update(static state => state with { Step = "remove", Table = "" });
        foreach (var part in entry.Parts)
        {
            await _target.RemoveAsync(part.Name, cancellationToken).ConfigureAwait(false);
        }

        if (entry.Parts.Count > 0)
        {
            await ChangeAsync(catalogue => catalogue.With(catalogue.Find(entry.Partition)! with { Parts = [] }), cancellationToken).ConfigureAwait(false);
        }

        foreach (var table in entry.Partition.Tables)
        {
            var tally = new RowTally(table);
            await foreach (var rows in _source.ReadAsync(table, entry.Partition, cancellationToken).ConfigureAwait(false))
            {
                tally.Add(rows);
            }

            if (tally.Sum.Rows == 0)
            {
                continue;
            }

            if (_cold is null || await _cold.MissesAsync(tally.FirstLsn, tally.LastLsn, cancellationToken).ConfigureAwait(false) is not null)
            {
                // They are archived with the next object; until then they are hot and not asked for.
                return false;
            }

            await _source.DeleteAsync(table, entry.Partition, tally.Sum, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private void Hold(TierMove move, string reason) => Update(state => state with { Due = [.. state.Due.Select(due => due == move ? due with { HeldBy = reason } : due)] });

    private async ValueTask ProgressAsync(string step, HistoryTable table, long rows)
    {
        Update(state => state with { Step = step, Table = table.Name, RowsDone = state.Step == step ? state.RowsDone + rows : rows });
        StorageMetrics.TierProgress.Record(_state.RowsTotal == 0 ? 0 : Math.Min(1, (double)_state.RowsDone / _state.RowsTotal));
        await RenewAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async ValueTask RenewAsync(CancellationToken cancellationToken)
    {
        if (_time.GetElapsedTime(_claimedAt) > _claim / 3)
        {
            await ChangeAsync(static catalogue => catalogue, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TierCatalogue Edit(TierCatalogue catalogue, TierPartition partition, Func<IReadOnlyList<TierPart>, IReadOnlyList<TierPart>> change)
    {
        var entry = catalogue.Find(partition)!;
        return catalogue.With(entry.With(change(entry.Parts)));
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
}
