using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb;

public sealed partial class DuckDbStore : IHistoryStore
{
    /// <inheritdoc/>
    HistoryTier IHistoryStore.Tier => HistoryTier.Hot;

    /// <inheritdoc/>
    ValueTask<IReadOnlyList<HistorySpan>> IHistoryStore.GetSpansAsync(HistoryTable table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new([HistorySpan.All(table.Range)]);
    }

    /// <inheritdoc/>
    IAsyncEnumerable<HistoryRow> IHistoryStore.ReadAsync(HistoryQuery query, CancellationToken cancellationToken) => AnswerAsync(query, cancellationToken);

    private async IAsyncEnumerable<HistoryRow> AnswerAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var statement = HistorySql.Write(query, DuckDbTables.Dialect);
        using var connection = await Task.Run(
            () =>
            {
                EnsurePrepared();
                return _database.Connect();
            },
            cancellationToken).ConfigureAwait(false);
        await foreach (var row in HistoryCommand.ReadAsync(connection, statement, cancellationToken).ConfigureAwait(false))
        {
            yield return row;
        }
    }
}
