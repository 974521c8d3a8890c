using System.Text;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tests.Relational;

/// <summary>Rows as plain objects, both ways.</summary>
internal static class RowValues
{
    public static object?[] Generate(HistoryTable table, Random random) => [.. table.Columns.Select(c => c.IsNullable && random.Next(3) == 0 ? null : Generate(c.Type, random))];

    public static void Write(RowBuffer rows, object?[] values)
    {
        var row = rows.AddRow();
        for (var i = 0; i < values.Length; i++)
        {
            Write(ref row, rows.Table.Columns[i].Type, values[i]);
        }

        row.Complete();
    }

    public static List<object?[]> Read(RowBuffer rows)
    {
        var read = new List<object?[]>();
        for (var reader = rows.Read(); reader.NextRow();)
        {
            var values = new object?[rows.Table.Columns.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = reader.ReadValue();
            }

            read.Add(values);
        }

        return read;
    }

    private static object Generate(ColumnType type, Random random) => type switch
    {
        ColumnType.UInt8 => (byte)Bits(random),
        ColumnType.UInt16 => (ushort)Bits(random),
        ColumnType.UInt32 => (uint)Bits(random),
        ColumnType.UInt64 => (ulong)Bits(random),
        ColumnType.Int64 or ColumnType.Timestamp => Bits(random),
        ColumnType.Float32 => (float)(random.NextDouble() * 1e9) - 5e8f,
        ColumnType.Float64 => (random.NextDouble() * 1e18) - 5e17,
        ColumnType.Boolean => random.Next(2) == 1,
        ColumnType.Key => new Pubkey(Bytes(random, Pubkey.Size)),
        ColumnType.Signature => new Signature(Bytes(random, Signature.Size)),
        ColumnType.Bytes => Bytes(random, Length(random)),
        ColumnType.Text => new string((char)random.Next(32, 0xD000), Length(random)),
        ColumnType.Json => $$"""{"a":[{{random.Next()}},"{{new string('x', Length(random))}}"]}""",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static void Write(ref RowWriter row, ColumnType type, object? value)
    {
        switch (value)
        {
            case null: row.Null(); break;
            case byte v: row.UInt8(v); break;
            case ushort v: row.UInt16(v); break;
            case uint v: row.UInt32(v); break;
            case ulong v: row.UInt64(v); break;
            case long v when type == ColumnType.Timestamp: row.Timestamp(v); break;
            case long v: row.Int64(v); break;
            case float v: row.Float32(v); break;
            case double v: row.Float64(v); break;
            case bool v: row.Boolean(v); break;
            case Pubkey v: row.Key(v); break;
            case Signature v: row.Signature(v); break;
            case byte[] v: row.Bytes(v); break;
            case string v when type == ColumnType.Json: row.Json(Encoding.UTF8.GetBytes(v)); break;
            case string v: row.Text(Encoding.UTF8.GetBytes(v)); break;
            default: throw new ArgumentException("No such value.", nameof(value));
        }
    }

    // All sizes of numbers are as likely, so that extremes come.
    private static long Bits(Random random) => random.Next(8) switch { 0 => 0, 1 => -1, 2 => long.MinValue, _ => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64) };

    private static int Length(Random random) => random.Next(20) switch { 0 => 0, 1 => 127, 2 => 128, 3 => 16_384, _ => random.Next(40) };

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
