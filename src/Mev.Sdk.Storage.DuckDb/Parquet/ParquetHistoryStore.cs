using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>Answers history questions about what is warm, by DuckDB over exactly the Parquet files that the catalogue names.</summary>
/// <remarks>
/// Thread-safe. Only files of partitions that the question's stretch touches are opened, and of them only the row groups whose statistics allow an answer are read. A look-up by signature reads the row
/// groups whose Bloom filter knows it.
/// </remarks>
/// <param name="tier">Whose files; stays the caller's.</param>
/// <param name="catalogue">Who says which files are the history; read for each question.</param>
public sealed class ParquetHistoryStore(ParquetTier tier, TierCatalogueStore catalogue) : IHistoryStore
{
    // A part that is replaced or becomes cold is gone a moment after the catalogue says so; who read the catalogue before looks again.
    private const int MaxTries = 4;

    /// <inheritdoc/>
    public string Name => tier.Name;

    /// <inheritdoc/>
    public HistoryTier Tier => HistoryTier.Warm;

    /// <inheritdoc/>
    /// <exception cref="IOException">The catalogue cannot be read.</exception>
    public ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken) =>
        new TieredHistoryStore(this, catalogue).GetSpansAsync(table, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="IOException">A file cannot be fetched or read, or the question needs more than the cache holds.</exception>
    public async IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var table = HistoryTables.All.First(t => t.Name == query.Table);
        for (var tries = 1; ; tries++)
        {
            var files = new List<CachedFile>();
            var rows = default(IAsyncEnumerator<HistoryRow>);
            DuckDBConnection? connection = null;
            try
            {
                bool any;
                try
                {
                    foreach (var part in await PartsAsync(table, query.Span, cancellationToken).ConfigureAwait(false))
                    {
                        files.Add(await tier.Files.OpenAsync(tier.BlobOf(part.Name), cancellationToken).ConfigureAwait(false));
                    }

                    var statement = HistorySql.Write(query, new ParquetDialect([.. files.Select(static file => file.Path)]));
                    connection = tier.Engine.Connect();
                    rows = HistoryCommand.ReadAsync(connection, statement, cancellationToken).GetAsyncEnumerator(cancellationToken);
                    any = await rows.MoveNextAsync().ConfigureAwait(false);
                }
                catch (Exception e) when (tries < MaxTries && (e is BlobNotFoundException || (e is DuckDBException && files.Exists(static file => !File.Exists(file.Path)))))
                {
                    continue;
                }

                for (; any; any = await rows.MoveNextAsync().ConfigureAwait(false))
                {
                    yield return rows.Current;
                }

                yield break;
            }
            finally
            {
                if (rows is not null)
                {
                    await rows.DisposeAsync().ConfigureAwait(false);
                }

                connection?.Dispose();
                files.ForEach(static file => file.Dispose());
            }
        }
    }

    private async ValueTask<List<TierPart>> PartsAsync(HistoryTable table, HistorySpan? span, CancellationToken cancellationToken)
    {
        var asked = span ?? HistorySpan.All(table.Range);
        var now = await catalogue.ReadAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. now.Entries
                .Where(entry => entry.Tier == HistoryTier.Warm && entry.Partition.Range == table.Range && entry.Partition.First <= asked.Last && entry.Partition.Last >= asked.First)
                .SelectMany(static entry => entry.Parts)
                .Where(part => part.Table == table.Name && part.Sum.Rows > 0),
        ];
    }
}
