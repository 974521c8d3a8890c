using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Queries;

/// <summary>A store that answers for those partitions that the <see cref="TierCatalogue"/> gives to its tier, and for no others.</summary>
/// <param name="store">Who holds the rows.</param>
/// <param name="catalogue">Who says which tier answers; read when a question starts and again before its answer is believed.</param>
/// <remarks>Thread-safe. A move publishes in the catalogue before it deletes, in one step for every tier: docs/tiers.md.</remarks>
public sealed class TieredHistoryStore(IHistoryStore store, TierCatalogueStore catalogue) : IHistoryStore
{
    /// <inheritdoc/>
    public string Name => store.Name;

    /// <inheritdoc/>
    public HistoryTier Tier => store.Tier;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        var entries = (await catalogue.ReadAsync(cancellationToken).ConfigureAwait(false)).Entries
            .Where(e => e.Partition.Range == table.Range)
            .OrderBy(static e => e.Partition.First);
        if (Tier != HistoryTier.Hot)
        {
            return [.. entries.Where(e => e.Tier == Tier).Select(static e => SpanOf(e.Partition))];
        }

        // What is not in the catalogue is hot.
        var spans = new List<HistorySpan>();
        var open = HistorySpan.All(table.Range);
        foreach (var entry in entries.Where(static e => e.Tier != HistoryTier.Hot))
        {
            var moved = SpanOf(entry.Partition);
            if (open.First < moved.First)
            {
                spans.Add(open with { Last = moved.First - 1 });
            }

            open = open with { First = Int128.Max(open.First, moved.Last + 1) };
        }

        if (!open.IsEmpty)
        {
            spans.Add(open);
        }

        return spans;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, CancellationToken cancellationToken) => store.ReadAsync(query, cancellationToken);

    private static HistorySpan SpanOf(TierPartition partition) => new(partition.Range, partition.First, partition.Last);
}
