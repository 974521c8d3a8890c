using System.Text;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tests.Queries;

/// <summary>Generated rows of any table: few different values, so that groups meet, and the extremes of every type among them.</summary>
internal static class HistoryData
{
    /// <summary>Slots of a partition in every database; rows lie on its borders.</summary>
    public const ulong PartitionSlots = 216_000;

    private const long Day = 86_400_000_000;
    private static readonly ulong[] Numbers = [0, 1, 2, 9, 255, 256, 257, 65_535, 1UL << 31, (1UL << 32) - 1, (1UL << 53) + 1, (1UL << 63) - 1, 1UL << 63, (1UL << 63) + 1, ulong.MaxValue - 1, ulong.MaxValue];
    private static readonly long[] Signed = [0, 1, -1, 7, -7, 255, -256, 5_000_000_000, -5_000_000_000, long.MaxValue, long.MinValue, long.MinValue + 1];
    private static readonly double[] Floats = [0, 1, -1, 0.1, 0.25, 0.5, 0.999999, 1e-300, 1e300, -1e300, double.MaxValue, 123456.789, -0.05];
    private static readonly float[] Singles = [0, 1, -1, 0.1f, 0.25f, 0.5f, 0.95f, 1e-30f, 1e30f, float.MaxValue, -0.05f];
    private static readonly string[] Texts = ["", "a", "A", "Z", "arbitrage", "it's", "é", "\uE000", "\U0001F600", "a b", "x\ny", "%", "\\", "0"];
    private static readonly string[] Documents = ["{}", "[]", "{\"a\": 1}", "\"text\"", "[1, 2]"];

    public static RowBuffer Generate(HistoryTable table, Random random, int rows, bool extremes)
    {
        var buffer = new RowBuffer(table);
        var lsn = 1UL;
        ushort ordinal = 0;
        var hasOrdinal = table.KeyColumns.Count > 1;
        var keys = Enumerable.Range(0, 6).Select(_ => Bytes(random, Signature.Size)).ToArray();
        for (var i = 0; i < rows; i++)
        {
            if (hasOrdinal && i > 0 && random.Next(3) > 0)
            {
                ordinal++;
            }
            else
            {
                ordinal = 0;
                lsn = extremes && i == rows / 2 ? (1UL << 63) - 5 : extremes && i == rows * 3 / 4 ? ulong.MaxValue - (ulong)rows : lsn + 1 + (ulong)random.Next(3);
            }

            var row = buffer.AddRow();
            foreach (var column in table.Columns)
            {
                if (column.IsNullable && random.Next(4) == 0)
                {
                    row.Null();
                }
                else if (column == table.KeyColumns[0])
                {
                    row.UInt64(lsn);
                }
                else if (hasOrdinal && column == table.KeyColumns[1])
                {
                    row.UInt16(ordinal);
                }
                else
                {
                    Write(ref row, column, table, random, keys, extremes);
                }
            }

            row.Complete();
        }

        return buffer;
    }

    public static List<HistoryValue[]> Decode(RowBuffer buffer)
    {
        var rows = new List<HistoryValue[]>(buffer.RowCount);
        for (var reader = buffer.Read(); reader.NextRow();)
        {
            var row = new HistoryValue[buffer.Table.Columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                var type = buffer.Table.Columns[i].Type;
                row[i] = reader.ReadValue() switch
                {
                    null => HistoryValue.Null,
                    byte v => (int)v,
                    ushort v => (int)v,
                    uint v => v,
                    ulong v => v,
                    long v => type == ColumnType.Timestamp ? HistoryValue.Timestamp(v) : v,
                    float v => (double)v,
                    double v => v,
                    bool v => v,
                    Pubkey v => v,
                    Signature v => v,
                    byte[] v => HistoryValue.Bytes(v),
                    string v => v,
                    var other => throw new InvalidOperationException(other.ToString()),
                };
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>A value that a column may have, and with luck has.</summary>
    public static HistoryValue Value(HistoryColumn column, Random random, IReadOnlyList<HistoryValue[]> rows)
    {
        if (rows.Count > 0 && random.Next(4) > 0 && rows[random.Next(rows.Count)][column.Ordinal] is { IsNull: false } seen)
        {
            return seen;
        }

        return column.Type switch
        {
            ColumnType.Int64 => Signed[random.Next(Signed.Length)],
            ColumnType.Float32 => (double)Singles[random.Next(Singles.Length)],
            ColumnType.Float64 => Floats[random.Next(Floats.Length)],
            ColumnType.Boolean => random.Next(2) == 0,
            ColumnType.Timestamp => HistoryValue.Timestamp(random.Next(20_000) * Day),
            ColumnType.Key => new Pubkey(Bytes(random, Pubkey.Size)),
            ColumnType.Signature => new Signature(Bytes(random, Signature.Size)),
            ColumnType.Bytes => HistoryValue.Bytes(Bytes(random, random.Next(5))),
            ColumnType.Text or ColumnType.Json => Texts[random.Next(Texts.Length)],
            _ => random.Next(5) == 0 ? -1 : Numbers[random.Next(Numbers.Length)],
        };
    }

    private static void Write(ref RowWriter row, HistoryColumn column, HistoryTable table, Random random, byte[][] keys, bool extremes)
    {
        var isRange = column == table.RangeColumn;
        var number = extremes || !isRange ? Numbers[random.Next(Numbers.Length)] : 0;
        switch (column.Type)
        {
            case ColumnType.UInt8:
                row.UInt8((byte)number);
                break;
            case ColumnType.UInt16:
                row.UInt16((ushort)number);
                break;
            case ColumnType.UInt32:
                row.UInt32((uint)number);
                break;
            case ColumnType.UInt64:
                row.UInt64(isRange && (!extremes || random.Next(3) > 0)
                    ? (1000 * PartitionSlots) + (PartitionSlots * (ulong)random.Next(3)) + (ulong)random.Next(3) - 1
                    : random.Next(3) == 0 ? (ulong)random.Next(100_000) : number);
                break;
            case ColumnType.Int64:
                row.Int64(random.Next(3) == 0 ? random.Next(-100_000, 100_000) : Signed[random.Next(Signed.Length)]);
                break;
            case ColumnType.Float32:
                row.Float32(Singles[random.Next(Singles.Length)]);
                break;
            case ColumnType.Float64:
                row.Float64(Floats[random.Next(Floats.Length)]);
                break;
            case ColumnType.Boolean:
                row.Boolean(random.Next(2) == 0);
                break;
            case ColumnType.Timestamp:
                // A day of three, at its very ends too; before the epoch only where nothing is partitioned by it.
                row.Timestamp(extremes && !isRange && random.Next(6) == 0 ? -1 - random.Next(3) : (20_454 * Day) + (random.Next(3) * Day) + (random.Next(3) - 1) + (random.Next(2) * 3_600_000_000L));
                break;
            case ColumnType.Key:
                row.Key(new Pubkey(keys[random.Next(keys.Length)].AsSpan(0, Pubkey.Size)));
                break;
            case ColumnType.Signature:
                row.Signature(new Signature(random.Next(2) == 0 ? keys[random.Next(keys.Length)] : Bytes(random, Signature.Size)));
                break;
            case ColumnType.Bytes:
                row.Bytes(Bytes(random, random.Next(5)));
                break;
            case ColumnType.Text:
                row.Text(Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)]));
                break;
            default:
                row.Json(Encoding.UTF8.GetBytes(Documents[random.Next(Documents.Length)]));
                break;
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
