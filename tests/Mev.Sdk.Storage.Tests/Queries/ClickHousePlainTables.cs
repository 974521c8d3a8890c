using System.Runtime.CompilerServices;
using System.Text;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Storage.Tests.Queries;

/// <summary>The catalogue's tables in a ClickHouse, filled as they are and asked by the statements of the planner.</summary>
internal sealed class ClickHousePlainTables(ClickHouseServer server, string database) : IHistoryStore, IDisposable
{
    private readonly HttpClient _client = new();
    private readonly ClickHouseDialect _dialect = new();

    public string Name => "clickhouse";

    public HistoryTier Tier => HistoryTier.Warm;

    public async Task LoadAsync(RowBuffer rows, CancellationToken cancellationToken)
    {
        await SendAsync($"CREATE DATABASE IF NOT EXISTS {database}", null, [], cancellationToken);
        var columns = rows.Table.Columns.Select(static c => $"{c.Name} {(c.IsNullable ? $"Nullable({TypeOf(c.Type)})" : TypeOf(c.Type))}");
        await SendAsync(
            $"CREATE TABLE {database}.{rows.Table.Name} ({string.Join(", ", columns)}) ENGINE = MergeTree ORDER BY ({string.Join(", ", rows.Table.OrderColumns.Select(static c => c.Name))})",
            null, [], cancellationToken);
        if (rows.RowCount > 0)
        {
            await SendAsync($"INSERT INTO {database}.{rows.Table.Name} FORMAT RowBinary", rows.Bytes.ToArray(), [], cancellationToken);
        }
    }

    public ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken) => new([HistorySpan.All(table.Range)]);

    public async IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var statement = HistorySql.Write(query, _dialect);
        var result = await SendAsync($"{statement.Text} FORMAT {SqlRowBinary.Format}", null, statement.Parameters, cancellationToken);
        foreach (var row in SqlRowBinary.Read(result, statement))
        {
            yield return row;
        }
    }

    public void Dispose() => _client.Dispose();

    // A body beside the statement goes as the body; otherwise the statement itself does, since URLs are short.
    private async Task<byte[]> SendAsync(string sql, byte[]? body, IReadOnlyList<SqlParameter> parameters, CancellationToken cancellationToken)
    {
        var url = new StringBuilder(server.Url.TrimEnd('/')).Append("/?max_query_size=16777216&wait_end_of_query=1");
        if (body is not null)
        {
            url.Append("&query=").Append(Uri.EscapeDataString(sql));
        }
        else if (sql.StartsWith("SELECT", StringComparison.Ordinal))
        {
            url.Append("&database=").Append(database);
        }

        foreach (var parameter in parameters)
        {
            url.Append("&param_").Append(parameter.Name).Append('=').Append(Uri.EscapeDataString(SqlRowBinary.TextOf(parameter)));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, url.ToString()) { Content = new ByteArrayContent(body ?? Encoding.UTF8.GetBytes(sql)) };
        request.Headers.Add("X-ClickHouse-User", server.User);
        request.Headers.Add("X-ClickHouse-Key", server.Password);
        using var response = await _client.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"{Encoding.UTF8.GetString(answer)}\n{sql}");
    }

    private static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => "Bool",
        ColumnType.Timestamp => "DateTime64(6, 'UTC')",
        ColumnType.Key => "FixedString(32)",
        ColumnType.Signature => "FixedString(64)",
        ColumnType.Bytes or ColumnType.Text or ColumnType.Json => "String",
        _ => type.ToString(),
    };
}
