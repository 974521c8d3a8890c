using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Answers history questions about what is cold: decodes the records of the partitions that a question touches, projects them into a database of its own and asks that.</summary>
/// <remarks>
/// <para>
/// Thread-safe; one question is decoded for at a time. What a question costs is decoding every record of its partitions, not its answer: docs/tiers.md has figures. The rows of the last question are kept
/// until the next one about other partitions, so that several questions about the same days are decoded for once. A transaction that is looked for by its signature alone, and the opportunities of one,
/// are found by the archive's index instead.
/// </para>
/// <para><c>processed_at</c> of a cold row is the moment of the question: nothing else in the archive says it.</para>
/// </remarks>
public sealed class ArchiveHistoryStore : IHistoryStore, IDisposable
{
    // Opportunities are told near the transaction that opens them.
    private const ulong OpportunityMargin = 4096;

    private readonly ArchiveColdTier _cold;
    private readonly TierCatalogueStore _catalogue;
    private readonly ArchiveHistoryOptions _options;
    private readonly TimeProvider? _time;
    private readonly SemaphoreSlim _decoding = new(1, 1);
    private readonly ConcurrentDictionary<Guid, ColdReading> _readings = new();
    private ColdRows? _kept;
    private bool _disposed;

    /// <summary>Makes a store; what an earlier process left in the scratch folder is deleted.</summary>
    /// <param name="cold">The archive; stays the caller's.</param>
    /// <param name="catalogue">Who says what is cold.</param>
    /// <param name="options">Read once.</param>
    /// <param name="timeProvider">The clock of <c>processed_at</c>; the system's when null.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names its key.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public ArchiveHistoryStore(ArchiveColdTier cold, TierCatalogueStore catalogue, ArchiveHistoryOptions options, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(cold);
        ArgumentNullException.ThrowIfNull(catalogue);
        ArgumentNullException.ThrowIfNull(options);
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        (_cold, _catalogue, _time) = (cold, catalogue, timeProvider);
        _options = new ArchiveHistoryOptions
        {
            ScratchDirectory = Path.Combine(Path.GetFullPath(options.ScratchDirectory), "rows"),
            MaxRecords = options.MaxRecords,
            LateRecords = options.LateRecords,
            MemoryMegabytes = options.MemoryMegabytes,
            Threads = options.Threads,
        };
        if (Directory.Exists(_options.ScratchDirectory))
        {
            Directory.Delete(_options.ScratchDirectory, recursive: true);
        }
    }

    /// <inheritdoc/>
    public string Name => "archive";

    /// <inheritdoc/>
    public HistoryTier Tier => HistoryTier.Cold;

    /// <summary>Questions that records are decoded for now, and how far that is.</summary>
    public IReadOnlyCollection<ColdReading> Readings => [.. _readings.Values];

    /// <inheritdoc/>
    /// <exception cref="IOException">The catalogue cannot be read.</exception>
    public ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken) => new TieredHistoryStore(this, _catalogue).GetSpansAsync(table, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">An object is damaged, or one is missing.</exception>
    /// <exception cref="IOException">The archive cannot be read, or the question needs more records than it may.</exception>
    public async IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var table = HistoryTables.All.First(t => t.Name == query.Table);
        var asked = query.Span ?? HistorySpan.All(table.Range);
        var entries = (await _catalogue.ReadAsync(cancellationToken).ConfigureAwait(false)).Entries
            .Where(entry => entry.Tier == HistoryTier.Cold && entry.Partition.Range == table.Range && entry.Partition.First <= asked.Last && entry.Partition.Last >= asked.First).ToList();
        var rows = await TakeAsync(table, query.Filter, entries, cancellationToken).ConfigureAwait(false);
        try
        {
            await foreach (var row in ((IHistoryStore)rows.Store).ReadAsync(query, cancellationToken).ConfigureAwait(false))
            {
                yield return row;
            }
        }
        finally
        {
            GiveBack(rows);
        }
    }

    /// <summary>Forgets the rows of the last question.</summary>
    public void Dispose()
    {
        ColdRows? kept;
        lock (_readings)
        {
            (kept, _kept, _disposed) = (_kept, null, true);
        }

        if (kept is { Users: 0 })
        {
            kept.Dispose();
        }

        _decoding.Dispose();
    }

    private static Signature? SignatureOf(HistoryTable table, HistoryFilter? filter)
    {
        while (filter?.All is [var only])
        {
            filter = only;
        }

        return (table == HistoryTables.Transactions || table == HistoryTables.MevOpportunities) && filter is { All: null, Any: null, Column: "signature", Test: HistoryTest.Equal }
            ? filter.Value.AsSignature()
            : null;
    }

    // Partitions' own records and some around them, as few stretches as possible.
    private static List<ArchiveStretch> Around(IEnumerable<(Lsn First, Lsn Last)> ranges, ulong margin)
    {
        var stretches = new List<ArchiveStretch>();
        foreach (var (first, last) in ranges.OrderBy(static range => range.First))
        {
            var from = Math.Max(Lsn.Create(first.LogId, 0).Value + 1, first.Value - Math.Min(margin, first.Value));
            var to = Math.Min(Lsn.Create(last.LogId, Lsn.MaxCounter).Value, last.Value + margin);
            if (stretches.Count > 0 && stretches[^1].LastLsn.Value >= from - 1)
            {
                stretches[^1] = stretches[^1] with { LastLsn = new Lsn(Math.Max(to, stretches[^1].LastLsn.Value)) };
            }
            else
            {
                stretches.Add(new ArchiveStretch(new Lsn(from), new Lsn(to)));
            }
        }

        return stretches;
    }

    private async ValueTask<ColdRows> TakeAsync(HistoryTable table, HistoryFilter? filter, List<TierEntry> entries, CancellationToken cancellationToken)
    {
        await RefreshAsync(entries, cancellationToken).ConfigureAwait(false);
        var partitions = entries.ConvertAll(static entry => entry.Partition);
        if (SignatureOf(table, filter) is { } signature)
        {
            var rows = new ColdRows(_options, _time) { Users = 1 };
            try
            {
                var records = table == HistoryTables.Transactions ? FindAsync(signature, entries, cancellationToken) : AroundAsync(signature, entries, cancellationToken);
                await rows.FillAsync(records, static _ => { }, cancellationToken).ConfigureAwait(false);
                await rows.KeepAsync(partitions, cancellationToken).ConfigureAwait(false);
                return rows;
            }
            catch
            {
                rows.Dispose();
                throw;
            }
        }

        var stretches = Around(entries.Select(static entry => (entry.FirstLsn, entry.LastLsn)), (ulong)_options.LateRecords);
        var key = $"{string.Join(',', partitions)} {string.Join(',', stretches)} {_cold.Archive.Objects.Count}";
        if (TakeKept(key) is { } known)
        {
            return known;
        }

        var total = stretches.Sum(static stretch => (long)Math.Min(stretch.LastLsn.Value - stretch.FirstLsn.Value + 1, long.MaxValue >> 16));
        if (total > _options.MaxRecords)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"The question needs up to {total} records of the archive decoded, and may have {_options.MaxRecords}: ask about a shorter span, or raise Mev:Storage:Cold:{nameof(ArchiveHistoryOptions.MaxRecords)}."));
        }

        await _decoding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return TakeKept(key) ?? await DecodeAsync(key, stretches, partitions, total, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _decoding.Release();
        }
    }

    private async ValueTask<ColdRows> DecodeAsync(string key, List<ArchiveStretch> stretches, List<TierPartition> partitions, long total, CancellationToken cancellationToken)
    {
        var rows = new ColdRows(_options, _time) { Key = key, Users = 1 };
        var reading = Guid.NewGuid();
        try
        {
            _readings[reading] = new ColdReading(0, total);
            await rows.FillAsync(ReadAsync(stretches, cancellationToken), done => _readings[reading] = new ColdReading(done, total), cancellationToken).ConfigureAwait(false);
            await rows.KeepAsync(partitions, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
        finally
        {
            _readings.TryRemove(reading, out _);
        }

        Keep(rows);
        return rows;
    }

    private async IAsyncEnumerable<RecordBatch> ReadAsync(List<ArchiveStretch> stretches, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var stretch in stretches)
        {
            await foreach (var batch in _cold.Archive.ReadAsync(ArchiveRange.OfLsns(stretch.FirstLsn, stretch.LastLsn), cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                yield return batch;
            }
        }
    }

    private async IAsyncEnumerable<RecordBatch> FindAsync(Signature signature, List<TierEntry> entries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var stretch in Around(entries.Select(static entry => (entry.FirstLsn, entry.LastLsn)), 0))
        {
            await foreach (var batch in _cold.Archive.FindAsync(signature, ArchiveRange.OfLsns(stretch.FirstLsn, stretch.LastLsn), cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                yield return batch;
            }
        }
    }

    private async IAsyncEnumerable<RecordBatch> AroundAsync(Signature signature, List<TierEntry> entries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sightings = new List<(Lsn First, Lsn Last)>();
        await foreach (var batch in FindAsync(signature, entries, cancellationToken).ConfigureAwait(false))
        {
            sightings.Add((batch.FirstLsn, batch.LastLsn));
            batch.Release();
        }

        await foreach (var batch in ReadAsync(Around(sightings, OpportunityMargin), cancellationToken).ConfigureAwait(false))
        {
            yield return batch;
        }
    }

    // A missing object would be missing rows: nobody would know.
    private async ValueTask RefreshAsync(List<TierEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.TrueForAll(entry => _cold.GetGaps(entry.FirstLsn, entry.LastLsn).Count == 0))
        {
            return;
        }

        await _cold.Archive.RefreshAsync(cancellationToken).ConfigureAwait(false);
        foreach (var entry in entries)
        {
            if (_cold.GetGaps(entry.FirstLsn, entry.LastLsn) is [var gap, ..])
            {
                throw new InvalidDataException($"The archive has no object with {gap}, and {entry.Partition} is cold: restore the object from a copy.");
            }
        }
    }

    private ColdRows? TakeKept(string key)
    {
        lock (_readings)
        {
            if (_kept?.Key != key)
            {
                return null;
            }

            _kept.Users++;
            return _kept;
        }
    }

    private void Keep(ColdRows rows)
    {
        ColdRows? before;
        lock (_readings)
        {
            if (_disposed)
            {
                return;
            }

            (before, _kept) = (_kept, rows);
            before = before is { Users: 0 } ? before : null;
        }

        before?.Dispose();
    }

    private void GiveBack(ColdRows rows)
    {
        lock (_readings)
        {
            if (--rows.Users > 0 || ReferenceEquals(rows, _kept))
            {
                return;
            }
        }

        rows.Dispose();
    }
}
