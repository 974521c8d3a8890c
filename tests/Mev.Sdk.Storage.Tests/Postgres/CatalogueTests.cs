using System.Text;
using Mev.Sdk.Storage.Postgres;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Npgsql;

namespace Mev.Sdk.Storage.Tests.Postgres;

[Trait("Needs", "postgres")]
public sealed class CatalogueTests(PostgresFixture fixture)
{
    public static TheoryData<string> Tables => [.. HistoryTables.All.Select(static t => t.Name)];

    // The view gives back what was written, whatever way PostgreSQL keeps it: also numbers beyond the signed ones, nulls, and what does not fit the narrow columns.
    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Every_value_of_every_column_comes_back(string name)
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        var table = HistoryTables.Get(name);
        var layout = TableLayout.Of(table);
        using var rows = new RowBuffer(table);
        var random = new Random(name.Length);
        var expected = new List<object?[]>();
        for (var i = 0; i < 300; i++)
        {
            expected.Add(Fill(rows, random, (ulong)i + 1));
        }

        var connection = await test.ConnectAsync();
        await using var _ = connection;
        var names = new NameIds(2048);
        var scan = new RowScan(layout, rows, names);
        await names.ResolveAsync(connection, TestContext.Current.CancellationToken);
        using var encoded = new CopyBuffer();
        new RowCopy(layout, scan.Ids).Append(rows, encoded);
        await connection.CopyAsync(layout.Rows, layout.ColumnList, [encoded.Memory], TestContext.Current.CancellationToken);
        await connection.ExecuteAsync("INSERT INTO batches VALUES (9223372036854775807, timestamp '2026-01-02 03:04:05.678')", TestContext.Current.CancellationToken);

        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", table.Columns.Select(static c => c.Name))} FROM {name} ORDER BY lsn{(table.KeyColumns.Count > 1 ? ", ordinal" : "")}";
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var row = 0;
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            foreach (var column in table.Columns.Where(static c => c.IsReproducible))
            {
                var (wanted, found) = (expected[row][column.Ordinal], Read(reader, column));
                Assert.True(Same(wanted, found), $"Row {row}, {column}: {wanted} was written, {found} is read.");
            }

            row++;
        }

        Assert.Equal(expected.Count, row);
        await AssertPartitionsAsync(test, rows);
    }

    // The same as rows again, as a tier mover reads them: of the partitions of some rows.
    private static async Task AssertPartitionsAsync(PostgresTestStore test, RowBuffer rows)
    {
        var (table, wanted) = (rows.Table, Texts(rows).GroupBy(static r => r.Partition).Take(8));
        foreach (var group in wanted)
        {
            var found = new List<(TierPartition Partition, string Text)>();
            await foreach (var part in test.Store.ReadAsync(table, group.Key, TestContext.Current.CancellationToken))
            {
                found.AddRange(Texts(part));
            }

            Assert.Equal(group.Select(static r => r.Text).Order(), found.Select(static r => r.Text).Order());
            Assert.All(found, r => Assert.Equal(group.Key, r.Partition));
        }
    }

    private static List<(TierPartition Partition, string Text)> Texts(RowBuffer rows)
    {
        var texts = new List<(TierPartition, string)>();
        for (var reader = rows.Read(); reader.NextRow();)
        {
            var (partition, text) = (default(TierPartition), new StringBuilder());
            foreach (var column in rows.Table.Columns)
            {
                var value = reader.ReadValue();
                partition = column != rows.Table.RangeColumn ? partition : value is ulong slot ? TierPartition.OfSlot(slot) : TierPartition.OfTime((long)value!);
                text.Append('|').Append(!column.IsReproducible ? "" : value is byte[] bytes ? Convert.ToHexString(bytes) : value);
            }

            texts.Add((partition, text.ToString()));
        }

        return texts;
    }

    [Fact]
    public async Task Json_is_there_as_it_was_written_and_as_json()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        Assert.Equal(1, await test.ScalarAsync("SELECT count(*) FROM (SELECT jsonb_or_null('{\"a\":  1}') v) x WHERE v @> '{\"a\":1}'"));

        // What jsonb refuses does not stop anybody.
        Assert.Equal(DBNull.Value, await test.ReadAsync("SELECT jsonb_or_null('{\"a\": \"\\u0000\"}')"));
        Assert.Equal(DBNull.Value, await test.ReadAsync("SELECT jsonb_or_null('no json')"));
        Assert.Equal(DBNull.Value, await test.ReadAsync("SELECT jsonb_or_null('1e999999')"));
    }

    private static object?[] Fill(RowBuffer rows, Random random, ulong lsn)
    {
        var values = new object?[rows.Table.Columns.Count];
        var row = rows.AddRow();
        foreach (var column in rows.Table.Columns)
        {
            if (column.IsNullable && random.Next(4) == 0)
            {
                row.Null();
                continue;
            }

            values[column.Ordinal] = Write(ref row, column, random, lsn);
        }

        row.Complete();
        return values;
    }

    private static object Write(ref RowWriter row, HistoryColumn column, Random random, ulong lsn)
    {
        var number = column.Name == "lsn" ? lsn : Number(random);
        var bytes = new byte[column.Type == ColumnType.Key ? Pubkey.Size : column.Type == ColumnType.Signature ? Signature.Size : random.Next(40)];
        random.NextBytes(bytes);
        switch (column.Type)
        {
            case ColumnType.UInt8:
                row.UInt8((byte)number);
                return (ulong)(byte)number;
            case ColumnType.UInt16:
                row.UInt16((ushort)number);
                return (ulong)(ushort)number;
            case ColumnType.UInt32:
                row.UInt32((uint)number);
                return (ulong)(uint)number;
            case ColumnType.UInt64:
                row.UInt64(number);
                return number;
            case ColumnType.Int64:
                row.Int64((long)number);
                return number;
            case ColumnType.Float32:
                row.Float32((float)number);
                return (double)(float)number;
            case ColumnType.Float64:
                row.Float64(number);
                return (double)number;
            case ColumnType.Boolean:
                row.Boolean(number % 2 == 1);
                return number % 2 == 1;
            case ColumnType.Timestamp:
                var time = (long)(number % 9_000_000_000_000_000) / (random.Next(2) == 0 ? 1 : 1_000_000) * (random.Next(2) == 0 ? 1 : 1_000_000) % 9_000_000_000_000_000;
                row.Timestamp(time);
                return time;
            case ColumnType.Key:
                row.Key(new Pubkey(bytes));
                return Convert.ToHexString(bytes);
            case ColumnType.Signature:
                row.Signature(new Signature(bytes));
                return Convert.ToHexString(bytes);
            case ColumnType.Bytes:
                row.Bytes(bytes);
                return Convert.ToHexString(bytes);
            case ColumnType.Json:
                var json = $"{{\"b\": {number},  \"a\":\"\u00e9\"}}";
                row.Json(Encoding.UTF8.GetBytes(json));
                return json;
            default:
                var text = "w\u00f6rd" + number;
                row.Text(Encoding.UTF8.GetBytes(text));
                return text;
        }
    }

    private static ulong Number(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => (ulong)random.Next(100),
        2 => (ulong)random.Next(int.MaxValue) + 40_000,
        3 => ulong.MaxValue - (ulong)random.Next(3),
        4 => 1UL << random.Next(64),
        _ => (ulong)random.NextInt64(),
    };

    private static object? Read(NpgsqlDataReader reader, HistoryColumn column)
    {
        if (reader.IsDBNull(column.Ordinal))
        {
            return null;
        }

        return column.Type switch
        {
            ColumnType.UInt8 => (ulong)reader.GetInt16(column.Ordinal),
            ColumnType.UInt16 => (ulong)reader.GetInt32(column.Ordinal),
            ColumnType.UInt32 or ColumnType.UInt64 or ColumnType.Int64 => (ulong)reader.GetInt64(column.Ordinal),
            ColumnType.Float32 => (double)reader.GetFloat(column.Ordinal),
            ColumnType.Float64 => reader.GetDouble(column.Ordinal),
            ColumnType.Boolean => reader.GetBoolean(column.Ordinal),
            ColumnType.Timestamp => (reader.GetDateTime(column.Ordinal) - DateTime.UnixEpoch).Ticks / 10,
            ColumnType.Text or ColumnType.Json => reader.GetString(column.Ordinal),
            _ => Convert.ToHexString(reader.GetFieldValue<byte[]>(column.Ordinal)),
        };
    }

    private static bool Same(object? wanted, object? found) => Equals(wanted, found);
}
