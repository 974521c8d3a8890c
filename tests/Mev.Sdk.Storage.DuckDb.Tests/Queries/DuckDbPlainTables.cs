using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb.Tests.Queries;

/// <summary>The catalogue's tables in DuckDB's memory, filled as they are and asked by the statements of the planner.</summary>
internal sealed class DuckDbPlainTables : IHistoryStore, IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly DuckDbDialect _dialect = new();

    public DuckDbPlainTables() => _connection.Open();

    public string Name => "duckdb";

    public HistoryTier Tier => HistoryTier.Hot;

    public List<HistorySpan>? Spans { get; set; }

    public void Load(RowBuffer rows)
    {
        using (var command = _connection.CreateCommand())
        {
            command.CommandText = $"CREATE TABLE IF NOT EXISTS {rows.Table.Name} ({string.Join(", ", rows.Table.Columns.Select(static c => $"{c.Name} {TypeOf(c.Type)}{(c.IsNullable ? "" : " NOT NULL")}"))})";
            command.ExecuteNonQuery();
        }

        using var appender = _connection.CreateAppender(rows.Table.Name);
        for (var reader = rows.Read(); reader.NextRow();)
        {
            var row = appender.CreateRow();
            foreach (var column in rows.Table.Columns)
            {
                row = reader.ReadValue() switch
                {
                    null => row.AppendNullValue(),
                    byte v => row.AppendValue((byte?)v),
                    ushort v => row.AppendValue((ushort?)v),
                    uint v => row.AppendValue((uint?)v),
                    ulong v => row.AppendValue((ulong?)v),
                    long v => column.Type == ColumnType.Timestamp ? row.AppendValue((DateTime?)DateTime.UnixEpoch.AddTicks(v * TimeSpan.TicksPerMicrosecond)) : row.AppendValue((long?)v),
                    float v => row.AppendValue((float?)v),
                    double v => row.AppendValue((double?)v),
                    bool v => row.AppendValue((bool?)v),
                    Pubkey v => row.AppendValue(Pubkey.AsSpan(in v).ToArray()),
                    Signature v => row.AppendValue(Signature.AsSpan(in v).ToArray()),
                    byte[] v => row.AppendValue(v),
                    var v => row.AppendValue((string)v),
                };
            }

            row.EndRow();
        }
    }

    public ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken) => new(Spans is { } spans ? spans : [HistorySpan.All(table.Range)]);

    public async IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var statement = HistorySql.Write(query, _dialect);
        using var connection = _connection.Duplicate();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement.Text;
        foreach (var parameter in statement.Parameters)
        {
            command.Parameters.Add(new DuckDBParameter(parameter.Value));
        }

        using var reader = command.ExecuteReader();
        await foreach (var row in SqlRows.ReadAsync(reader, statement, cancellationToken))
        {
            yield return row;
        }
    }

    public void Dispose() => _connection.Dispose();

    private static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.UInt8 => "UTINYINT",
        ColumnType.UInt16 => "USMALLINT",
        ColumnType.UInt32 => "UINTEGER",
        ColumnType.UInt64 => "UBIGINT",
        ColumnType.Int64 => "BIGINT",
        ColumnType.Float32 => "FLOAT",
        ColumnType.Float64 => "DOUBLE",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Text or ColumnType.Json => "VARCHAR",
        _ => "BLOB",
    };
}
