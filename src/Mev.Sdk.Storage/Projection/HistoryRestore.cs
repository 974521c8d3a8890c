using System.Buffers;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Projection;

/// <summary>Builds a database from a log, once and to its end: after it was lost, for another kind of database, or to compare it with what was noted of it (<see cref="Tiers.HistoryManifest"/>).</summary>
/// <remarks>What a <see cref="Projector"/> stores is a function of the records alone, not of how they came in batches: the database is the one that was.</remarks>
public static class HistoryRestore
{
    /// <summary>Projects records into a database that is empty, or where an earlier run was ended.</summary>
    /// <param name="log">The journal, or an <see cref="Archive.ArchivedLog"/> over what it has forgotten too.</param>
    /// <param name="target">The database. Nothing else may write to it meanwhile.</param>
    /// <param name="to">The last record wanted; <see cref="Lsn.None"/> = all that are durable now.</param>
    /// <param name="options">How much is stored in one transaction; defaults when null.</param>
    /// <param name="progress">Told after each transaction.</param>
    /// <param name="cancellationToken">Ends it; what is stored stays, and the next run goes on behind it.</param>
    /// <returns>What this run did.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message names its key.</exception>
    /// <exception cref="InvalidDataException">The log is damaged, or the database holds more than was wanted.</exception>
    public static async ValueTask<RestoreProgress> RunAsync(
        IRecordLog log, IProjectionTarget target, Lsn to = default, ProjectorOptions? options = null, IProgress<RestoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(target);
        options ??= new ProjectorOptions();
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        var checkpoint = await target.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (to != Lsn.None && checkpoint > to)
        {
            throw new InvalidDataException(
                $"The database of the target '{target.Name}' holds records up to LSN {checkpoint}, and is wanted as it was at {to}: restore into an empty one.");
        }

        var run = new Run(target, progress, new RestoreProgress(0, 0, checkpoint, to != Lsn.None ? to : log.DurableLsn));
        try
        {
            var from = checkpoint == Lsn.None ? Lsn.None : checkpoint.Add(1);
            await foreach (var batch in log.ReadAsync(from, follow: false, cancellationToken).ConfigureAwait(false))
            {
                if (!run.Take(batch, to))
                {
                    break;
                }

                if (run.Records >= options.BatchRecords || run.Bytes >= options.BatchBytes)
                {
                    await run.StoreAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            await run.StoreAsync(cancellationToken).ConfigureAwait(false);
            return run.Progress;
        }
        finally
        {
            run.Release();
        }
    }

    private sealed class Run(IProjectionTarget target, IProgress<RestoreProgress>? told, RestoreProgress progress)
    {
        private readonly List<RecordBatch> _held = [];

        public RestoreProgress Progress { get; private set; } = progress;

        public long Records { get; private set; }

        public long Bytes { get; private set; }

        /// <summary>Takes a batch over; false when the rest of the log is not wanted.</summary>
        public bool Take(RecordBatch batch, Lsn to)
        {
            var isWhole = to == Lsn.None || batch.LastLsn <= to;
            if (!isWhole)
            {
                var head = batch.FirstLsn <= to ? Head(batch, (int)(to.Value - batch.FirstLsn.Value) + 1) : null;
                batch.Release();
                if (head is null)
                {
                    return false;
                }

                batch = head;
            }

            _held.Add(batch);
            Records += batch.Count;
            Bytes += batch.ByteCount;
            return isWhole;
        }

        public async ValueTask StoreAsync(CancellationToken cancellationToken)
        {
            if (_held.Count == 0)
            {
                return;
            }

            var last = _held[^1].LastLsn;
            await target.ApplyAsync(_held, last, cancellationToken).ConfigureAwait(false);
            Progress = Progress with { Records = Progress.Records + Records, Bytes = Progress.Bytes + Bytes, Checkpoint = last };
            Release();
            told?.Report(Progress);
        }

        public void Release()
        {
            foreach (var batch in _held)
            {
                batch.Release();
            }

            _held.Clear();
            (Records, Bytes) = (0, 0);
        }

        private static RecordBatch Head(RecordBatch batch, int count)
        {
            var copy = ArrayPool<byte>.Shared.Rent((int)batch.ByteCount);
            var (length, left) = (0, count);
            foreach (var record in batch)
            {
                if (left-- == 0)
                {
                    break;
                }

                record.Frame.CopyTo(copy.AsSpan(length));
                length += record.Frame.Length;
            }

            return RecordBatch.Own(copy, length, count, batch.First, batch.FirstLsn);
        }
    }
}
