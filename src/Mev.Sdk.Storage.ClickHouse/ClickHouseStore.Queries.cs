using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.ClickHouse.Internal;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.ClickHouse;

public sealed partial class ClickHouseStore
{
    /// <summary>Warm: what is older than the embedded store keeps.</summary>
    public HistoryTier Tier => HistoryTier.Warm;

    /// <inheritdoc/>
    /// <remarks>All of every table: a store that a projector fills from the log holds what the log has given it.</remarks>
    public ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new([HistorySpan.All(table.Range)]);
    }

    /// <inheritdoc/>
    /// <exception cref="ClickHouseException">The server cannot be reached, or refused.</exception>
    public async IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var statement = StoreDialect.Write(query);
        await EnsurePreparedAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var row in Questions.AskAsync(_connection, statement, Sql.Final, cancellationToken).ConfigureAwait(false))
        {
            yield return row;
        }
    }
}
