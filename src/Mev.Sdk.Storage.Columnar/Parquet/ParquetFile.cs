using System.Buffers;
using System.Buffers.Binary;
using Mev.Sdk.Storage.Columnar.Columns;
using Mev.Sdk.Storage.Columnar.Internal;

namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>A Parquet file from its first byte to its footer.</summary>
/// <remarks>Source: Apache Parquet "File format" and <c>parquet.thrift</c>. Not thread-safe.</remarks>
internal sealed class ParquetFile : IRowGroupFile
{
    private const int FormatVersion = 2;
    private static readonly byte[] Magic = "PAR1"u8.ToArray();

    private readonly Stream _output;
    private readonly IReadOnlyList<ColumnDescription> _columns;
    private readonly int[] _sortColumns;
    private readonly string _tableName;
    private readonly ChunkEncoder _encoder;
    private readonly List<(ChunkFacts[] Chunks, int Rows)> _rowGroups = [];

    /// <summary>Begins a file; nothing is written yet.</summary>
    /// <param name="output">Where it goes; only written to.</param>
    /// <param name="tableName">Name of the table.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="sortColumns">What the rows of every row group are sorted by, ascending.</param>
    /// <param name="compressionLevel">Of Zstandard.</param>
    public ParquetFile(Stream output, string tableName, IReadOnlyList<ColumnDescription> columns, int[] sortColumns, int compressionLevel)
    {
        (_output, _tableName, _columns, _sortColumns) = (output, tableName, columns, sortColumns);
        _encoder = new ChunkEncoder(compressionLevel);
    }

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>Row groups written.</summary>
    public int RowGroups => _rowGroups.Count;

    public async ValueTask WriteRowGroupAsync(ColumnBuffer[] columns, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken).ConfigureAwait(false);
        var chunks = new ChunkFacts[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            chunks[i] = _encoder.Encode(columns[i]);
            chunks[i].Offset = Length;
            await WriteAsync(_encoder.Output.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }

        // Behind the chunks, which readers take as one stretch.
        foreach (var chunk in chunks.Where(static chunk => chunk.Bloom is not null))
        {
            chunk.BloomOffset = Length;
            await WriteAsync(chunk.Bloom, cancellationToken).ConfigureAwait(false);
        }

        _rowGroups.Add((chunks, columns[0].Count));
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken).ConfigureAwait(false);
        var footer = new ArrayBufferWriter<byte>();
        WriteFooter(new ThriftWriter(footer));
        BinaryPrimitives.WriteInt32LittleEndian(footer.GetSpan(sizeof(int)), footer.WrittenCount);
        footer.Advance(sizeof(int));
        footer.Write(Magic);
        await WriteAsync(footer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _encoder.Dispose();

    private ValueTask BeginAsync(CancellationToken cancellationToken) => Length == 0 ? WriteAsync(Magic, cancellationToken) : default;

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        Length += bytes.Length;
    }

    private void WriteFooter(ThriftWriter thrift)
    {
        thrift.Begin().Number32(1, FormatVersion).Structs(2, _columns.Count + 1);
        thrift.Begin().Text(4, _tableName).Number32(5, _columns.Count).End();
        foreach (var column in _columns)
        {
            ParquetTypes.WriteElement(thrift, column);
        }

        thrift.Number64(3, _rowGroups.Sum(static group => (long)group.Rows)).Structs(4, _rowGroups.Count);
        for (var i = 0; i < _rowGroups.Count; i++)
        {
            WriteRowGroup(thrift, _rowGroups[i].Chunks, _rowGroups[i].Rows, i);
        }

        // Every column's bounds are in the order of its type.
        thrift.Text(6, "Mev.Sdk.Storage.Columnar version 0.1.0 (build 1)").Structs(7, _columns.Count);
        for (var i = 0; i < _columns.Count; i++)
        {
            thrift.Begin().Empty(1).End();
        }

        thrift.End();
    }

    private void WriteRowGroup(ThriftWriter thrift, ChunkFacts[] chunks, int rows, int ordinal)
    {
        thrift.Begin().Structs(1, chunks.Length);
        for (var i = 0; i < chunks.Length; i++)
        {
            WriteChunk(thrift, chunks[i], _columns[i]);
        }

        thrift.Number64(2, chunks.Sum(static chunk => chunk.UncompressedBytes)).Number64(3, rows);
        if (_sortColumns.Length > 0)
        {
            thrift.Structs(4, _sortColumns.Length);
            foreach (var column in _sortColumns)
            {
                thrift.Begin().Number32(1, column).Flag(2, value: false).Flag(3, value: false).End();
            }
        }

        thrift.Number64(5, chunks[0].Offset).Number64(6, chunks.Sum(static chunk => chunk.CompressedBytes));
        if (ordinal <= short.MaxValue)
        {
            thrift.Number16(7, ordinal);
        }

        thrift.End();
    }

    private static void WriteChunk(ThriftWriter thrift, ChunkFacts chunk, ColumnDescription column)
    {
        thrift.Begin().Number64(2, 0).Begin(3)
            .Number32(1, ParquetTypes.PhysicalOf(column.Type)).Numbers(2, chunk.Encodings).Texts(3, column.Name).Number32(4, ParquetTypes.Zstd)
            .Number64(5, chunk.Values).Number64(6, chunk.UncompressedBytes).Number64(7, chunk.CompressedBytes).Number64(9, chunk.Offset + chunk.DataPage);
        if (chunk.HasDictionary)
        {
            thrift.Number64(11, chunk.Offset);
        }

        thrift.Begin(12).Number64(3, chunk.Nulls);
        if (chunk.DistinctValues > 0)
        {
            thrift.Number64(4, chunk.DistinctValues);
        }

        if (chunk is { Least: not null, Greatest: not null })
        {
            thrift.Bytes(5, chunk.Greatest).Bytes(6, chunk.Least);
        }

        thrift.End();
        if (chunk.Bloom is { } bloom)
        {
            thrift.Number64(14, chunk.BloomOffset).Number32(15, bloom.Length);
        }

        thrift.End().End();
    }
}
