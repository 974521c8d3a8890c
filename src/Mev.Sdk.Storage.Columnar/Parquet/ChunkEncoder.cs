using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Columnar.Columns;

namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>Makes the pages of one column of one row group: the smallest of dictionary, differences and plain, then Zstandard.</summary>
/// <remarks>Source: Apache Parquet "File format", "Data pages" (version 1 pages: levels and values compressed together).</remarks>
internal sealed class ChunkEncoder : IDisposable
{
    private const int PageValueBytes = 1 << 20;

    private readonly ZstdSharp.Compressor _compressor;
    private readonly ArrayBufferWriter<byte> _page = new();
    private byte[] _compressed = [];
    private ulong[] _levels = [];
    private long[] _numbers = [];
    private long _uncompressed;

    public ChunkEncoder(int compressionLevel) => _compressor = new ZstdSharp.Compressor(compressionLevel);

    /// <summary>The chunk's bytes, until the next one is made.</summary>
    public ArrayBufferWriter<byte> Output { get; } = new();

    /// <summary>Makes a chunk.</summary>
    public ChunkFacts Encode(ColumnBuffer column)
    {
        Output.ResetWrittenCount();
        _uncompressed = 0;
        var dictionary = column.Description.Type == ColumnType.Boolean ? null : ValueDictionary.TryMake(column);
        var isDelta = IsWholeNumber(column.Description.Type);
        if (dictionary is not null && isDelta && DeltaLength(column) < DictionaryLength(column, dictionary))
        {
            dictionary = null;
        }

        if (dictionary is not null)
        {
            WriteDictionary(column, dictionary);
        }

        var dataPage = (long)Output.WrittenCount;
        var encoding = dictionary is not null ? ParquetTypes.RunLengthDictionary : isDelta ? ParquetTypes.DeltaBinaryPacked : ParquetTypes.Plain;
        var (row, value) = (0, 0);
        do
        {
            var last = PageEnd(column, row);
            var values = WritePage(column, row, last, value, dictionary, encoding);
            (row, value) = (last, value + values);
        }
        while (row < column.Count);

        var statistics = ColumnStatistics.Of(column);
        return new ChunkFacts
        {
            Encodings = dictionary is not null ? [ParquetTypes.Plain, ParquetTypes.RunLength, encoding] : [ParquetTypes.RunLength, encoding],
            Values = column.Count,
            Nulls = column.Nulls,
            UncompressedBytes = _uncompressed,
            CompressedBytes = Output.WrittenCount,
            DataPage = dataPage,
            HasDictionary = dictionary is not null,
            DistinctValues = dictionary?.Rows.Count ?? 0,
            Least = statistics.Least < 0 ? null : PlainValue(column, statistics.Least),
            Greatest = statistics.Greatest < 0 ? null : PlainValue(column, statistics.Greatest),
            Bloom = column.Description.HasBloomFilter ? BloomFilter.Of(column) : null,
        };
    }

    public void Dispose() => _compressor.Dispose();

    private static bool IsWholeNumber(ColumnType type) =>
        type is ColumnType.UInt8 or ColumnType.UInt16 or ColumnType.UInt32 or ColumnType.UInt64 or ColumnType.Int64 or ColumnType.Timestamp or ColumnType.TimestampMicroseconds;

    private static long DictionaryLength(ColumnBuffer column, ValueDictionary dictionary) =>
        ((long)dictionary.Rows.Count * Math.Max(column.Description.Width, sizeof(int))) + (((long)dictionary.Indices.Length * dictionary.Width) / 8);

    // Bounds of a value as statistics hold them: plain, without a length.
    private static byte[] PlainValue(ColumnBuffer column, int row)
    {
        if (column.Description.Type is not (ColumnType.UInt8 or ColumnType.UInt16))
        {
            return column[row].ToArray();
        }

        var widened = new byte[sizeof(int)];
        column[row].CopyTo(widened);
        return widened;
    }

    private static void WritePlain(ArrayBufferWriter<byte> output, ColumnBuffer column, int row)
    {
        var value = column[row];
        var type = ParquetTypes.PhysicalOf(column.Description.Type);
        if (type == ParquetTypes.ByteArray)
        {
            BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value.Length);
            output.Advance(sizeof(int));
        }

        var length = type == ParquetTypes.Int32 ? sizeof(int) : value.Length;
        var span = output.GetSpan(Math.Max(length, 1));
        value.CopyTo(span);
        span[value.Length..length].Clear();
        output.Advance(length);
    }

    private static int PageEnd(ColumnBuffer column, int row)
    {
        if (column.Description.Width > 0)
        {
            return Math.Min(column.Count, row + Math.Max(1, PageValueBytes / column.Description.Width));
        }

        var bytes = 0;
        for (; row < column.Count && bytes < PageValueBytes; row++)
        {
            bytes += column[row].Length + sizeof(int);
        }

        return row;
    }

    private long DeltaLength(ColumnBuffer column)
    {
        _page.ResetWrittenCount();
        WriteDeltas(column, 0, column.Count);
        return _page.WrittenCount;
    }

    private void WriteDictionary(ColumnBuffer column, ValueDictionary dictionary)
    {
        _page.ResetWrittenCount();
        foreach (var row in dictionary.Rows)
        {
            WritePlain(_page, column, row);
        }

        WritePage(ParquetTypes.DictionaryPage, dictionary.Rows.Count, ParquetTypes.Plain);
    }

    private int WritePage(ColumnBuffer column, int first, int last, int firstValue, ValueDictionary? dictionary, int encoding)
    {
        _page.ResetWrittenCount();
        var values = WriteLevels(column, first, last);
        if (dictionary is not null)
        {
            _page.GetSpan(1)[0] = (byte)dictionary.Width;
            _page.Advance(1);
            RunEncoder.Write(_page, dictionary.Indices.AsSpan(firstValue, values), dictionary.Width);
        }
        else if (encoding == ParquetTypes.DeltaBinaryPacked)
        {
            WriteDeltas(column, first, last);
        }
        else if (column.Description.Type == ColumnType.Boolean)
        {
            WriteBooleans(column, first, last, values);
        }
        else
        {
            for (var row = first; row < last; row++)
            {
                if (!column.IsNull(row))
                {
                    WritePlain(_page, column, row);
                }
            }
        }

        WritePage(ParquetTypes.DataPage, last - first, encoding);
        return values;
    }

    // Definition levels: 1 where there is a value. A column that is never null has none.
    private int WriteLevels(ColumnBuffer column, int first, int last)
    {
        if (!column.Description.IsNullable)
        {
            return last - first;
        }

        var levels = Rent(ref _levels, last - first);
        var values = 0;
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = column.IsNull(first + i) ? 0UL : 1;
            values += (int)levels[i];
        }

        var start = _page.WrittenCount;
        _page.GetSpan(sizeof(int))[..sizeof(int)].Clear();
        _page.Advance(sizeof(int));
        RunEncoder.Write(_page, levels, 1);
        var written = MemoryMarshal.AsMemory(_page.WrittenMemory).Span[start..];
        BinaryPrimitives.WriteInt32LittleEndian(written, written.Length - sizeof(int));
        return values;
    }

    private void WriteBooleans(ColumnBuffer column, int first, int last, int values)
    {
        var bits = Rent(ref _levels, values);
        var at = 0;
        for (var row = first; row < last; row++)
        {
            if (!column.IsNull(row))
            {
                bits[at++] = column[row][0];
            }
        }

        BitPacker.Write(_page, bits, 1);
    }

    private void WriteDeltas(ColumnBuffer column, int first, int last)
    {
        var numbers = Rent(ref _numbers, last - first);
        var at = 0;
        for (var row = first; row < last; row++)
        {
            if (!column.IsNull(row))
            {
                numbers[at++] = column.Description.Width switch
                {
                    sizeof(byte) => column[row][0],
                    sizeof(ushort) => MemoryMarshal.Read<ushort>(column[row]),
                    sizeof(int) => MemoryMarshal.Read<int>(column[row]),
                    _ => MemoryMarshal.Read<long>(column[row]),
                };
            }
        }

        DeltaEncoder.Write(_page, numbers[..at], column.Description.Width < sizeof(long));
    }

    private void WritePage(int type, int values, int encoding)
    {
        var plain = _page.WrittenSpan;
        var most = ZstdSharp.Compressor.GetCompressBound(plain.Length);
        if (_compressed.Length < most)
        {
            _compressed = new byte[most];
        }

        var compressed = _compressor.Wrap(plain, _compressed);
        var before = Output.WrittenCount;
        var header = new ThriftWriter(Output).Begin().Number32(1, type).Number32(2, plain.Length).Number32(3, compressed);
        if (type == ParquetTypes.DictionaryPage)
        {
            header.Begin(7).Number32(1, values).Number32(2, encoding).End();
        }
        else
        {
            header.Begin(5).Number32(1, values).Number32(2, encoding).Number32(3, ParquetTypes.RunLength).Number32(4, ParquetTypes.RunLength).End();
        }

        header.End();
        _uncompressed += Output.WrittenCount - before + plain.Length;
        Output.Write(_compressed.AsSpan(0, compressed));
    }

    private static Span<T> Rent<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[length];
        }

        return array.AsSpan(0, length);
    }
}
