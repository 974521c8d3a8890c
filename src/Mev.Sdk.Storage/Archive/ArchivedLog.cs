using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive;

/// <summary>A log and its archive as one log: what retention has deleted is read from the archive, and what the archive does not have yet from the log.</summary>
/// <remarks>
/// <para>A database is built again from it (<see cref="Projection.HistoryRestore"/>), also when the journal has long forgotten how it began. Only objects of the log's own id are read; without a log, all of them.</para>
/// <para>Thread-safe.</para>
/// </remarks>
/// <example>
/// <code>
/// using var journal = JournalReader.Open("data/journal");
/// var log = new ArchivedLog(new ArchiveSet(new FolderBlobStore("data/archive")), journal);
/// var done = await HistoryRestore.RunAsync(log, database);
/// </code>
/// </example>
public sealed class ArchivedLog : IRecordLog
{
    private readonly ArchiveSet _archive;
    private readonly IRecordLog? _log;
    private readonly Action<Lsn, Lsn>? _onMissing;

    /// <summary>Joins an archive and a log.</summary>
    /// <param name="archive">The archive. It stays the caller's.</param>
    /// <param name="log">The log that it was made from; null = it is lost, or never was. It stays the caller's.</param>
    /// <param name="onMissing">Told of each stretch of records, first and last LSN, that the log has deleted and the archive does not hold; an exception when null.</param>
    public ArchivedLog(ArchiveSet archive, IRecordLog? log = null, Action<Lsn, Lsn>? onMissing = null)
    {
        ArgumentNullException.ThrowIfNull(archive);
        (_archive, _log, _onMissing) = (archive, log, onMissing);
    }

    /// <inheritdoc/>
    /// <remarks>Without a log, behind the last record of the objects as they were listed last.</remarks>
    public Lsn NextLsn => _log?.NextLsn ?? (_archive.Objects is [.., var last] ? last.LastLsn.Add(1) : Lsn.None);

    /// <inheritdoc/>
    /// <remarks>Without a log, the last record of the objects as they were listed last.</remarks>
    public Lsn DurableLsn => _log?.DurableLsn ?? (_archive.Objects is [.., var last] ? last.LastLsn : Lsn.None);

    /// <inheritdoc/>
    /// <remarks>The log's; empty without one.</remarks>
    public IReadOnlyList<StreamPosition> DurablePositions => _log?.DurablePositions ?? [];

    /// <inheritdoc/>
    /// <remarks>The log's; empty without one.</remarks>
    public IReadOnlyList<SequenceRange> DurableRanges => _log?.DurableRanges ?? [];

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, CancellationToken cancellationToken = default) => ReadAsync(from, follow, default, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The log or an object is damaged, records are in neither of them, or they do not belong together.</exception>
    /// <exception cref="NotSupportedException">It is to follow, and has no log.</exception>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(Lsn from, bool follow, TemplateSet templates, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_log is null)
        {
            if (follow)
            {
                throw new NotSupportedException("An archive without its log gets no new records: read it with follow = false, or give it the log.");
            }

            await _archive.RefreshAsync(cancellationToken).ConfigureAwait(false);
            await foreach (var batch in _archive.ReadAsync(new ArchiveRange { From = from, Templates = templates }, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                yield return batch;
            }

            yield break;
        }

        from = await StartAsync(_log, from, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            // The log first: what it still has costs no request and no decoding.
            RecordsRemovedException? removed = null;
            var reader = _log.ReadAsync(from, follow, templates, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (reader.ConfigureAwait(false))
            {
                while (true)
                {
                    try
                    {
                        if (!await reader.MoveNextAsync().ConfigureAwait(false))
                        {
                            yield break;
                        }
                    }
                    catch (RecordsRemovedException e)
                    {
                        removed = e;
                        break;
                    }

                    from = reader.Current.LastLsn.Add(1);
                    yield return reader.Current;
                }
            }

            var last = removed.LastRemoved;
            await RequireAsync(from, last, removed, cancellationToken).ConfigureAwait(false);
            await foreach (var batch in _archive.ReadAsync(new ArchiveRange { From = from, To = last, Templates = templates }, cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                yield return batch;
            }

            from = last.Add(1);
        }
    }

    // From the oldest means: of both.
    private async ValueTask<Lsn> StartAsync(IRecordLog log, Lsn from, CancellationToken cancellationToken)
    {
        var id = log.NextLsn.LogId;
        var own = (await _archive.RefreshAsync(cancellationToken).ConfigureAwait(false)).Where(entry => entry.FirstLsn.LogId == id).ToList();

        // The listing is younger than what a reader of another process's journal saw last.
        (log as JournalReader)?.Refresh();
        if (own is [.., var last] && last.LastLsn > log.DurableLsn)
        {
            throw new InvalidDataException(
                $"The archive holds records up to LSN {last.LastLsn} ('{last.Name}'), the log ends at {log.DurableLsn}: they do not belong together, or the log was lost. "
                + "Give the log that the archive was made from; when it is lost, read the archive alone.");
        }

        return from == Lsn.None && own is [var first, ..] ? first.FirstLsn : from;
    }

    private async ValueTask RequireAsync(Lsn from, Lsn last, RecordsRemovedException removed, CancellationToken cancellationToken)
    {
        var have = (await _archive.RefreshAsync(cancellationToken).ConfigureAwait(false)).Where(entry => entry.LastLsn >= from && entry.FirstLsn <= last).ToList();
        var missing = have.Count == 0 ? (First: from, Last: last) : have[^1].LastLsn < last ? (First: have[^1].LastLsn.Add(1), Last: last) : default;
        if (missing == default)
        {
            return;
        }

        if (_onMissing is null)
        {
            throw new InvalidDataException(
                $"The records from LSN {missing.First} to {missing.Last} are neither in the log, which has deleted them, nor in the archive{(have.Count == 0 ? "" : $", which ends at {have[^1].LastLsn}")}. "
                + "Give the archive's whole store; when they are lost, read from behind them, or say that missing records are to be passed over.",
                removed);
        }

        _onMissing(missing.First, missing.Last);
    }
}
