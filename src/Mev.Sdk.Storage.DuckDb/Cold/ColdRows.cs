using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Rows made of archived records, in a database of their own that is deleted with them.</summary>
internal sealed class ColdRows : IDisposable
{
    private const int RecordsAtOnce = 20_000;

    private readonly string _folder;

    public ColdRows(ArchiveHistoryOptions options, TimeProvider? time)
    {
        _folder = Path.Combine(options.ScratchDirectory, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(_folder);
        Store = new DuckDbStore(new DuckDbOptions { Path = Path.Combine(_folder, "rows.duckdb"), MemoryMegabytes = options.MemoryMegabytes, Threads = options.Threads }, time);
    }

    public DuckDbStore Store { get; }

    /// <summary>What it was made of: who asks for the same may use it.</summary>
    public string Key { get; init; } = "";

    /// <summary>Questions that read it; guarded by its owner.</summary>
    public int Users { get; set; }

    /// <summary>Makes rows of records, as a projector would.</summary>
    /// <param name="records">In LSN order; each batch is released.</param>
    /// <param name="report">Told how many records are done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask FillAsync(IAsyncEnumerable<RecordBatch> records, Action<long> report, CancellationToken cancellationToken)
    {
        await Store.OpenAsync(cancellationToken).ConfigureAwait(false);
        var pending = new List<RecordBatch>();
        var (count, done) = (0, 0L);
        try
        {
            await foreach (var batch in records.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                pending.Add(batch);
                count += batch.Count;
                if (count >= RecordsAtOnce)
                {
                    await ApplyAsync().ConfigureAwait(false);
                }
            }

            await ApplyAsync().ConfigureAwait(false);
        }
        finally
        {
            pending.ForEach(static batch => batch.Release());
        }

        async ValueTask ApplyAsync()
        {
            if (count == 0)
            {
                return;
            }

            await Store.ApplyAsync(pending, pending[^1].LastLsn, cancellationToken).ConfigureAwait(false);
            pending.ForEach(static batch => batch.Release());
            pending.Clear();
            done += count;
            count = 0;
            report(done);
        }
    }

    /// <summary>Forgets rows that are not of these partitions.</summary>
    public ValueTask KeepAsync(IReadOnlyList<TierPartition> partitions, CancellationToken cancellationToken) => Store.KeepAsync(partitions, cancellationToken);

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
