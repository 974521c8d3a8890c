using System.Globalization;
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
        var parameters = statement.Parameters.Select(static p => ($"param_{p.Name}", Escape(Convert.ToString(p.Value, CultureInfo.InvariantCulture) ?? "")));
        using var answer = await _connection.QueryAsync($"{statement.Text} FORMAT TabSeparated", cancellationToken, [.. Sql.Final, ("join_use_nulls", "0"), .. parameters]).ConfigureAwait(false);
        for (var rest = answer.Memory; !rest.IsEmpty;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return Next(ref rest, statement);
        }
    }

    private static HistoryRow Next(ref ReadOnlyMemory<byte> rest, SqlStatement statement)
    {
        var span = rest.Span;
        var row = TextRows.Read(ref span, statement.Fields);
        rest = rest[^span.Length..];
        return row;
    }

    // The server reads parameters as it reads fields of tab-separated text.
    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
