namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>Numbers of <c>parquet.thrift</c>, and what a column is in them.</summary>
internal static class ParquetTypes
{
    // Type
    public const int Boolean = 0;
    public const int Int32 = 1;
    public const int Int64 = 2;
    public const int Float = 4;
    public const int Double = 5;
    public const int ByteArray = 6;
    public const int FixedLengthByteArray = 7;

    // Encoding
    public const int Plain = 0;
    public const int RunLength = 3;
    public const int DeltaBinaryPacked = 5;
    public const int RunLengthDictionary = 8;

    // CompressionCodec
    public const int Zstd = 6;

    // PageType
    public const int DataPage = 0;
    public const int DictionaryPage = 2;

    // ConvertedType, for readers that know no logical types
    private const int Utf8 = 0;
    private const int UnsignedByte = 11;

    /// <summary>The physical type.</summary>
    public static int PhysicalOf(ColumnType type) => type switch
    {
        ColumnType.Boolean => Boolean,
        ColumnType.UInt8 or ColumnType.UInt16 or ColumnType.UInt32 => Int32,
        ColumnType.UInt64 or ColumnType.Int64 or ColumnType.Timestamp or ColumnType.TimestampMicroseconds => Int64,
        ColumnType.Float => Float,
        ColumnType.Double => Double,
        ColumnType.Fixed => FixedLengthByteArray,
        _ => ByteArray,
    };

    /// <summary>Writes a column's element of the schema.</summary>
    public static void WriteElement(ThriftWriter thrift, ColumnDescription column)
    {
        thrift.Begin().Number32(1, PhysicalOf(column.Type));
        if (column.Type == ColumnType.Fixed)
        {
            thrift.Number32(2, column.Width);
        }

        thrift.Number32(3, column.IsNullable ? 1 : 0).Text(4, column.Name);
        switch (column.Type)
        {
            case ColumnType.Text:
                thrift.Number32(6, Utf8).Begin(10).Empty(1).End();
                break;
            case ColumnType.UInt8 or ColumnType.UInt16 or ColumnType.UInt32 or ColumnType.UInt64:
                var log = int.Log2(column.Width);
                thrift.Number32(6, UnsignedByte + log).Begin(10).Begin(10).Number8(1, (byte)(8 * column.Width)).Flag(2, value: false).End().End();
                break;
            case ColumnType.Timestamp or ColumnType.TimestampMicroseconds:
                // Not "adjusted to UTC", though it is UTC: with that flag DuckDB reads TIMESTAMP WITH TIME ZONE, which keeps microseconds only.
                thrift.Begin(10).Begin(8).Flag(1, value: false).Begin(2).Empty(column.Type == ColumnType.Timestamp ? 3 : 2).End().End().End();
                break;
        }

        thrift.End();
    }
}
