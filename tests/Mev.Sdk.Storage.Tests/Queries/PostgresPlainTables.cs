using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Npgsql;

namespace Mev.Sdk.Storage.Tests.Queries;

/// <summary>The catalogue's tables in a PostgreSQL, filled as they are and asked by the statements of the planner.</summary>
internal sealed class PostgresPlainTables(string connectionString) : IHistoryStore, IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);
    private readonly PostgresDialect _dialect = new();

    public string Name => "postgresql";

    public HistoryTier Tier => HistoryTier.Hot;

    public async Task LoadAsync(RowBuffer rows, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = $"DROP TABLE IF EXISTS {rows.Table.Name}; CREATE TABLE {rows.Table.Name} ({string.Join(", ", rows.Table.Columns.Select(static c => $"{c.Name} {TypeOf(c.Type)}{(c.IsNullable ? "" : " NOT NULL")}"))})";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var importer = await connection.BeginBinaryImportAsync($"COPY {rows.Table.Name} FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var row in HistoryData.Decode(rows))
        {
            await importer.StartRowAsync(cancellationToken);
            foreach (var column in rows.Table.Columns)
            {
                var value = row[column.Ordinal];
                if (value.IsNull)
                {
                    await importer.WriteNullAsync(cancellationToken);
                    continue;
                }

                var type = TypeOf(column.Type);
                await (column.Type switch
                {
                    ColumnType.UInt8 => importer.WriteAsync((short)value.AsInt64(), type, cancellationToken),
                    ColumnType.UInt16 => importer.WriteAsync((int)value.AsInt64(), type, cancellationToken),
                    ColumnType.UInt32 or ColumnType.Int64 => importer.WriteAsync(value.AsInt64(), type, cancellationToken),
                    ColumnType.UInt64 => importer.WriteAsync(unchecked((long)value.AsUInt64()), type, cancellationToken),
                    ColumnType.Float32 => importer.WriteAsync((float)value.AsFloat(), type, cancellationToken),
                    ColumnType.Float64 => importer.WriteAsync(value.AsFloat(), type, cancellationToken),
                    ColumnType.Boolean => importer.WriteAsync(value.AsBoolean(), type, cancellationToken),
                    ColumnType.Timestamp => importer.WriteAsync(DateTime.SpecifyKind(value.AsTimestamp().UtcDateTime, DateTimeKind.Unspecified), type, cancellationToken),
                    ColumnType.Text or ColumnType.Json => importer.WriteAsync(value.AsText(), type, cancellationToken),
                    _ => importer.WriteAsync(value.AsBytes().ToArray(), type, cancellationToken),
                });
            }
        }

        await importer.CompleteAsync(cancellationToken);
    }

    public ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken) => new([HistorySpan.All(table.Range)]);

    public async IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var statement = HistorySql.Write(query, _dialect);
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = statement.Text;
        foreach (var parameter in statement.Parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter.Value, DataTypeName = parameter.Type });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await foreach (var row in SqlRows.ReadAsync(reader, statement, cancellationToken))
        {
            yield return row;
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.UInt8 => "smallint",
        ColumnType.UInt16 => "integer",
        ColumnType.UInt32 or ColumnType.UInt64 or ColumnType.Int64 => "bigint",
        ColumnType.Float32 => "real",
        ColumnType.Float64 => "double precision",
        ColumnType.Boolean => "boolean",
        ColumnType.Timestamp => "timestamp",
        ColumnType.Text or ColumnType.Json => "text",
        _ => "bytea",
    };
}
