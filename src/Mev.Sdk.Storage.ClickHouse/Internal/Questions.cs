using System.Globalization;
using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Asks a history question that is written as SQL.</summary>
internal static class Questions
{
    public static async IAsyncEnumerable<HistoryRow> AskAsync(
        ClickHouseConnection connection, SqlStatement statement, IReadOnlyList<(string Name, string Value)> settings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parameters = statement.Parameters.Select(static p => ($"param_{p.Name}", Escape(Convert.ToString(p.Value, CultureInfo.InvariantCulture) ?? "")));
        using var answer = await connection.QueryAsync($"{statement.Text} FORMAT TabSeparated", cancellationToken, [.. settings, ("join_use_nulls", "0"), .. parameters]).ConfigureAwait(false);
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
