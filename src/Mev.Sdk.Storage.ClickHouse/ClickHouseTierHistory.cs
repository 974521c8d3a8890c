using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.ClickHouse.Internal;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.ClickHouse;

/// <summary>Answers history questions about what is warm, from exactly the parts that the tier catalogue names.</summary>
/// <param name="tier">Whose parts; stays the caller's.</param>
/// <param name="catalogue">Who says which parts are the history; read for each question, and once more when it was answered.</param>
/// <remarks>Thread-safe.</remarks>
public sealed class ClickHouseTierHistory(ClickHouseTier tier, TierCatalogueStore catalogue) : IHistoryStore
{
    /// <inheritdoc/>
    public string Name => tier.Name;

    /// <inheritdoc/>
    public HistoryTier Tier => HistoryTier.Warm;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken) => new TieredHistoryStore(this, catalogue).GetSpansAsync(table, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    /// <exception cref="IOException">Parts were replaced while they were read: rows may be missing; ask again.</exception>
    public async IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var asked = await PartsAsync(query, cancellationToken).ConfigureAwait(false);
        var statement = HistorySql.Write(query, new TierDialect(asked));
        await tier.EnsurePreparedAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var row in Questions.AskAsync(tier.Connection, statement, [], cancellationToken).ConfigureAwait(false))
        {
            yield return row;
        }

        // A part that is no longer named may have been dropped before the server looked.
        if (asked.Count > 0 && !(await PartsAsync(query, cancellationToken).ConfigureAwait(false)).IsSupersetOf(asked))
        {
            throw new IOException($"Parts of '{query.Table}' in {Name} were replaced or removed while they were read: ask again.");
        }
    }

    private async ValueTask<HashSet<string>> PartsAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        var table = HistoryTables.Get(query.Table);
        var span = query.Span ?? HistorySpan.All(table.Range);
        var entries = (await catalogue.ReadAsync(cancellationToken).ConfigureAwait(false)).Entries;
        return entries
            .Where(entry => entry.Tier == HistoryTier.Warm && entry.Partition.Range == table.Range && entry.Partition.First <= span.Last && entry.Partition.Last >= span.First)
            .SelectMany(static entry => entry.Parts)
            .Where(part => part.Table == table.Name && part.Sum.Rows > 0)
            .Select(static part => part.Name)
            .ToHashSet(StringComparer.Ordinal);
    }
}
