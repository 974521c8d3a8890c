using System.Text;
using FsCheck.Xunit;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tests.Relational;

public sealed class RowBufferTests
{
    private static readonly HistoryTable Everything = new HistoryTableBuilder("everything", "One column of each type, plain and nullable.")
        .Add("u8", ColumnType.UInt8, "").Nullable("u8n", ColumnType.UInt8, "", "none")
        .Add("u16", ColumnType.UInt16, "").Nullable("u16n", ColumnType.UInt16, "", "none")
        .Add("u32", ColumnType.UInt32, "").Nullable("u32n", ColumnType.UInt32, "", "none")
        .Add("u64", ColumnType.UInt64, "").Nullable("u64n", ColumnType.UInt64, "", "none")
        .Add("i64", ColumnType.Int64, "").Nullable("i64n", ColumnType.Int64, "", "none")
        .Add("f32", ColumnType.Float32, "").Nullable("f32n", ColumnType.Float32, "", "none")
        .Add("f64", ColumnType.Float64, "").Nullable("f64n", ColumnType.Float64, "", "none")
        .Add("flag", ColumnType.Boolean, "").Nullable("flagn", ColumnType.Boolean, "", "none")
        .Add("time", ColumnType.Timestamp, "").Nullable("timen", ColumnType.Timestamp, "", "none")
        .Add("key", ColumnType.Key, "").Nullable("keyn", ColumnType.Key, "", "none")
        .Add("signature", ColumnType.Signature, "").Nullable("signaturen", ColumnType.Signature, "", "none")
        .Add("bytes", ColumnType.Bytes, "").Nullable("bytesn", ColumnType.Bytes, "", "none")
        .Add("text", ColumnType.Text, "").Nullable("textn", ColumnType.Text, "", "none")
        .Add("json", ColumnType.Json, "").Nullable("jsonn", ColumnType.Json, "", "none")
        .Build();

    [Property(MaxTest = 200)]
    public void Rows_whatever_they_hold_are_read_as_they_were_written(int seed, byte count)
    {
        var random = new Random(seed);
        var table = random.Next(2) == 0 ? Everything : HistoryTables.All[random.Next(HistoryTables.All.Count)];
        using var rows = new RowBuffer(table);
        var written = Enumerable.Range(0, count % 40).Select(_ => RowValues.Generate(table, random)).ToList();
        foreach (var row in written)
        {
            RowValues.Write(rows, row);
        }

        Assert.Equal(written.Count, rows.RowCount);
        Assert.Equal(written, RowValues.Read(rows));

        // Row by row, the bytes are the whole; a copy of them is the same rows.
        using var copy = new RowBuffer(table);
        for (var reader = rows.Read(); reader.NextRow();)
        {
            for (var skip = random.Next(table.Columns.Count + 1); skip > 0; skip--)
            {
                reader.Skip();
            }

            copy.AddRow(reader.Row);
        }

        Assert.Equal(rows.Bytes, copy.Bytes);
        Assert.Equal(rows.RowCount, copy.RowCount);
        copy.Clear();
        Assert.Equal(rows.RowCount, copy.AddRows(rows.Bytes));
        Assert.Equal(written, RowValues.Read(copy));
    }

    [Fact]
    public void Bytes_are_those_of_RowBinary()
    {
        using var rows = new RowBuffer(Everything);
        var row = rows.AddRow();
        row.UInt8(0xAB); row.Null();
        row.UInt16(0x1234); row.UInt16(1);
        row.UInt32(0x12345678); row.Null();
        row.UInt64(0x1122334455667788); row.UInt64(ulong.MaxValue);
        row.Int64(-2); row.Null();
        row.Float32(1.5f); row.Float32(-0f);
        row.Float64(-2.25); row.Null();
        row.Boolean(true); row.Boolean(false);
        row.Timestamp(1_700_000_000_000_001); row.Null();
        row.Key(new Pubkey([.. Enumerable.Range(0, 32).Select(static i => (byte)i)])); row.Null();
        row.Signature(new Signature([.. Enumerable.Range(0, 64).Select(static i => (byte)i)])); row.Null();
        row.Bytes([1, 2, 3]); row.Bytes([]);
        row.Text("é"u8); row.Null();
        row.Json(Encoding.UTF8.GetBytes("\"" + new string('a', 198) + "\"")); row.Null();
        row.Complete();

        var expected = "AB" + "01"
            + "3412" + "000100"
            + "78563412" + "01"
            + "8877665544332211" + "00FFFFFFFFFFFFFFFF"
            + "FEFFFFFFFFFFFFFF" + "01"
            + "0000C03F" + "0000000000"
            + "00000000000002C0" + "01"
            + "01" + "0000"
            + "01401E18240A0600" + "01"
            + "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F" + "01"
            + "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F" + "01"
            + "03010203" + "0000"
            + "02C3A9" + "01"
            + "C801" + "22" + string.Concat(Enumerable.Repeat("61", 198)) + "22" + "01";
        Assert.Equal(expected, Convert.ToHexString(rows.Bytes));
    }

    [Fact]
    public void AddRow_that_is_not_completed_leaves_nothing_behind()
    {
        using var rows = new RowBuffer(MergeTables.SlotStages);
        var abandoned = rows.AddRow();
        abandoned.UInt64(1);
        var row = rows.AddRow();
        row.UInt64(2);
        row.UInt8(3);
        row.Complete();
        Assert.Equal([[2UL, (byte)3]], RowValues.Read(rows));
    }

    [Fact]
    public void Writing_another_type_than_the_column_has_is_refused_with_its_name()
    {
        using var rows = new RowBuffer(MergeTables.SlotStages);
        var message = Assert.Throws<InvalidOperationException>(() =>
        {
            var row = rows.AddRow();
            row.UInt32(1);
        }).Message;
        Assert.Contains("slot UInt64", message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => rows.AddRow().Null());
        Assert.Throws<InvalidOperationException>(() => rows.AddRow().Complete());
        Assert.Throws<InvalidOperationException>(() =>
        {
            var row = rows.AddRow();
            row.UInt64(1);
            row.UInt8(1);
            row.UInt8(1);
        });
        Assert.Equal(0, rows.RowCount);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Numbers_that_are_not_finite_are_refused(double value)
    {
        using var rows = new RowBuffer(HistoryTables.PerformanceMetrics);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var row = rows.AddRow();
            row.UInt64(1);
            row.Timestamp(1);
            row.Text("a"u8);
            row.Float64(value);
        });
    }

    [Fact]
    public void Reading_another_type_or_an_unasked_null_is_refused()
    {
        using var rows = new RowBuffer(HistoryTables.Slots);
        RowValues.Write(rows, [1UL, 2UL, null, null, (byte)3]);
        Assert.Throws<InvalidOperationException>(() =>
        {
            var reader = rows.Read();
            reader.NextRow();
            reader.ReadUInt8();
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            var reader = rows.Read();
            reader.NextRow();
            reader.ReadUInt64();
            reader.ReadUInt64();
            reader.ReadUInt64();
        });
        Assert.Throws<InvalidOperationException>(() =>
        {
            var reader = rows.Read();
            reader.ReadUInt64();
        });
    }

    [Property(MaxTest = 200)]
    public void Rows_that_are_cut_off_are_refused(int seed)
    {
        var random = new Random(seed);
        using var rows = new RowBuffer(Everything);
        RowValues.Write(rows, RowValues.Generate(Everything, random));
        RowValues.Write(rows, RowValues.Generate(Everything, random));
        var first = rows.Read();
        first.NextRow();
        var boundary = first.Row.Length;
        var cut = random.Next(1, rows.ByteCount);
        using var copy = new RowBuffer(Everything);
        if (cut == boundary)
        {
            Assert.Equal(1, copy.AddRows(rows.Bytes[..cut]));
        }
        else
        {
            Assert.Throws<InvalidDataException>(() => copy.AddRows(rows.Bytes[..cut]));
            Assert.Equal(0, copy.RowCount);
        }
    }

    [Fact]
    public void A_length_beyond_every_memory_is_refused()
    {
        using var rows = new RowBuffer(MergeTables.Scores);
        byte[] row = [.. new byte[12], 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        Assert.Throws<InvalidDataException>(() => rows.AddRows(row));
    }

    [Fact]
    public void Dispose_gives_the_memory_back_and_the_buffer_can_be_used_again()
    {
        var rows = new RowBuffer(MergeTables.SlotStages);
        RowValues.Write(rows, [1UL, (byte)1]);
        rows.Dispose();
        Assert.Equal(0, rows.RowCount);
        Assert.Equal(0, rows.ByteCount);
        RowValues.Write(rows, [2UL, (byte)2]);
        Assert.Equal([[2UL, (byte)2]], RowValues.Read(rows));
        rows.Dispose();
        rows.Dispose();
    }
}
