using System.Globalization;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mev.Sdk.Storage.Health;

/// <summary>Says whether the journal takes records and makes them durable, and how far its projectors and its archive are behind, and whether rows move between the tiers.</summary>
/// <remarks>
/// Thread-safe; a check costs microseconds and no I/O. How long records have waited to be durable is measured from check to check, so it is at
/// least what is said. A projector, the archive and the mover of the tiers are never more than degraded: the journal has everything, and they catch up.
/// </remarks>
public sealed class StorageHealthCheck : IHealthCheck
{
    private readonly Lock _gate = new();
    private readonly RecordJournal _journal;
    private readonly Projector[] _projectors;
    private readonly ArchiveSealer? _sealer;
    private readonly TierMover? _mover;
    private readonly TimeProvider _time;
    private readonly TimeSpan _unsyncedAfter;
    private readonly long _projectorLagRecords;
    private readonly Lsn _opened;
    private Lsn _lastDurable;
    private long _since;

    /// <summary>Creates a check.</summary>
    /// <param name="journal">What is judged.</param>
    /// <param name="projectors">Those that tail it.</param>
    /// <param name="options">The thresholds, copied; defaults when null.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="sealer">The one that archives it, if any.</param>
    /// <param name="mover">The one that moves rows between tiers, if any.</param>
    public StorageHealthCheck(
        RecordJournal journal, IEnumerable<Projector>? projectors = null, StorageHealthOptions? options = null, TimeProvider? timeProvider = null, ArchiveSealer? sealer = null,
        TierMover? mover = null)
    {
        ArgumentNullException.ThrowIfNull(journal);
        options ??= new StorageHealthOptions();
        _journal = journal;
        _projectors = [.. projectors ?? []];
        _sealer = sealer;
        _mover = mover;
        _time = timeProvider ?? TimeProvider.System;
        (_unsyncedAfter, _projectorLagRecords) = (options.UnsyncedAfter, options.ProjectorLagRecords);
        _opened = journal.NextLsn;
        _since = _time.GetTimestamp();
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var words = new List<string>();
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        var status = Journal(words, data);
        foreach (var projector in _projectors)
        {
            var worse = Projector(projector, words, data);
            status = worse < status ? worse : status;
        }

        var archive = Archive(words, data);
        status = archive < status ? archive : status;
        var tiers = Tiers(words, data);
        status = tiers < status ? tiers : status;
        return Task.FromResult(new HealthCheckResult(status, words.Count == 0 ? "everything is durable." : string.Join(' ', words), data: data));
    }

    private HealthStatus Journal(List<string> words, Dictionary<string, object> data)
    {
        var unsynced = Unsynced();
        data["journal.durable"] = _journal.DurableLsn.ToString();
        data["journal.unsyncedSeconds"] = Math.Round(unsynced.TotalSeconds, 1);
        data["journal.storedBytes"] = _journal.Statistics.StoredBytes;
        data["journal.state"] = _journal.State.ToString();
        if (_journal.Fault is { } fault)
        {
            words.Add($"The journal takes no more records: {fault.Message}");
            return HealthStatus.Unhealthy;
        }

        if (_journal.State == JournalState.DiskFull)
        {
            words.Add($"The disk of the journal '{_journal.Directory}' is full: it waits for space, and sources with it.");
            return HealthStatus.Unhealthy;
        }

        if (unsynced <= _unsyncedAfter)
        {
            return HealthStatus.Healthy;
        }

        words.Add(string.Create(CultureInfo.InvariantCulture, $"The journal has made nothing durable for {unsynced.TotalSeconds:0.0} s although records wait."));
        return HealthStatus.Degraded;
    }

    private HealthStatus Projector(Projector projector, List<string> words, Dictionary<string, object> data)
    {
        data[$"projector.{projector.Target}.lagRecords"] = projector.Lag;
        if (projector.LastError is { } error)
        {
            words.Add($"The projector into {projector.Target} tries again after a failure: {error.Message}");
            return HealthStatus.Degraded;
        }

        if (projector.Lag <= _projectorLagRecords)
        {
            return HealthStatus.Healthy;
        }

        words.Add(string.Create(CultureInfo.InvariantCulture, $"The projector into {projector.Target} is {projector.Lag:#,0} records behind."));
        return HealthStatus.Degraded;
    }

    // How far it is behind is no fault: objects fill slowly.
    private HealthStatus Archive(List<string> words, Dictionary<string, object> data)
    {
        if (_sealer is null)
        {
            return HealthStatus.Healthy;
        }

        data["archive.lagRecords"] = _sealer.Lag;
        data["archive.archivedTo"] = _sealer.ArchivedTo.ToString();
        if (_sealer.LastError is not { } error)
        {
            return HealthStatus.Healthy;
        }

        words.Add(_sealer.HasGivenUp
            ? $"Archiving has ended and is not tried again before a restart; the journal keeps every record: {error.Message}"
            : $"Archiving tries again after a failure, and the journal keeps what is not archived: {error.Message}");
        return HealthStatus.Degraded;
    }

    // What is due and held up is a fact for a page and no fault: somebody pinned it, or the chain is not that far.
    private HealthStatus Tiers(List<string> words, Dictionary<string, object> data)
    {
        if (_mover?.State is not { } state)
        {
            return HealthStatus.Healthy;
        }

        data["tiers.moves"] = state.Moves;
        data["tiers.ready"] = state.Due.Count(static move => move.IsReady);
        data["tiers.held"] = state.Due.Count(static move => !move.IsReady);
        if (state.LastError is not { } error)
        {
            return HealthStatus.Healthy;
        }

        words.Add($"The mover of the tiers tries again after a failure, and every row is where it was: {error.Message}");
        return HealthStatus.Degraded;
    }

    private TimeSpan Unsynced()
    {
        lock (_gate)
        {
            var durable = _journal.DurableLsn;

            // Opening skips numbers, so that the next one says nothing until something was written.
            var next = _journal.NextLsn;
            if (durable != _lastDurable || next == _opened || (durable != Lsn.None && durable.Add(1) == next))
            {
                _lastDurable = durable;
                _since = _time.GetTimestamp();
            }

            return _time.GetElapsedTime(_since);
        }
    }
}
