using System.Runtime.InteropServices;
using Mev.Sdk.Storage.Columnar.Columns;
using Mev.Sdk.Storage.Columnar.Internal;
using Mev.Sdk.Storage.Columnar.Parquet;
using Mev.Sdk.Storage.Relational;
using CellType = Mev.Sdk.Storage.Relational.ColumnType;

namespace Mev.Sdk.Storage.Columnar;

/// <summary>Writes rows of a <see cref="HistoryTable"/> to a Parquet file: every column with exactly the values that a <see cref="RowBuffer"/> has.</summary>
/// <remarks>
/// <para>
/// Keys and signatures are byte arrays of fixed length, instants microseconds, numbers signed or unsigned as they are, text and JSON UTF-8. Each row group is sorted in the table's order. Behind the
/// table's columns stands, for each column of signatures, one called <c>NAME_prefix</c>: the first 8 bytes as an unsigned number in little-endian order, with a Bloom filter in each row group. Who looks
/// for a signature asks for both, and reads the row groups that may have it.
/// </para>
/// <para>Not thread-safe. A file that was not completed has no footer and cannot be read. The stream stays open.</para>
/// </remarks>
public sealed class HistoryTableWriter : IDisposable
{
    private readonly HistoryTable _table;
    private readonly TableWriter _writer;

    /// <summary>Begins a file.</summary>
    /// <param name="output">Where it goes; written to from its current position on, never read or sought.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">How; null = the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public HistoryTableWriter(Stream output, HistoryTable table, ColumnarOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(table);
        var settings = (options ?? new ColumnarOptions()).Checked();
        _table = table;
        var columns = table.Columns.Select(static column => Describe(column)).Concat(SignatureColumns(table).Select(static column =>
            new ColumnDescription(PrefixOf(column.Name), ColumnType.UInt64, sizeof(ulong), column.IsNullable) { HasBloomFilter = true })).ToList();
        int[] order = [.. table.OrderColumns.Select(static column => column.Ordinal)];
        _writer = new TableWriter(new ParquetFile(output, table.Name, columns, order, settings.CompressionLevel), columns, order, settings);
    }

    /// <summary>Rows added.</summary>
    public long Rows => _writer.RowsWritten + _writer.Rows.Rows;

    /// <summary>Bytes written.</summary>
    public long Length => _writer.Length;

    /// <summary>The name of the column with the first bytes of a signature.</summary>
    /// <param name="column">The signature's column.</param>
    /// <returns>The name.</returns>
    public static string PrefixOf(string column) => column + "_prefix";

    /// <summary>Adds rows, and writes row groups that are complete.</summary>
    /// <param name="rows">Rows of the table; nothing of them is kept.</param>
    /// <param name="cancellationToken">Gives up; the file is then of no use.</param>
    /// <returns>When they are taken.</returns>
    /// <exception cref="ArgumentException">They are of another table.</exception>
    public async ValueTask AddAsync(RowBuffer rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Table != _table)
        {
            throw new ArgumentException($"Rows of '{rows.Table}' are added to a file of '{_table}'.", nameof(rows));
        }

        for (var done = 0; done < rows.ByteCount;)
        {
            done += Take(rows.Bytes[done..]);
            if (_writer.IsFull)
            {
                await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Writes what is left, and the footer.</summary>
    /// <param name="cancellationToken">Gives up; the file is then of no use.</param>
    /// <returns>When the file is complete.</returns>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => _writer.CompleteAsync(cancellationToken);

    /// <summary>Gives up what the compressor holds. The stream stays open.</summary>
    public void Dispose() => _writer.Dispose();

    private static IEnumerable<HistoryColumn> SignatureColumns(HistoryTable table) => table.Columns.Where(static column => column.Type == CellType.Signature);

    private static ColumnDescription Describe(HistoryColumn column)
    {
        var (type, width) = column.Type switch
        {
            CellType.UInt8 => (ColumnType.UInt8, sizeof(byte)),
            CellType.UInt16 => (ColumnType.UInt16, sizeof(ushort)),
            CellType.UInt32 => (ColumnType.UInt32, sizeof(uint)),
            CellType.UInt64 => (ColumnType.UInt64, sizeof(ulong)),
            CellType.Int64 => (ColumnType.Int64, sizeof(long)),
            CellType.Float32 => (ColumnType.Float, sizeof(float)),
            CellType.Float64 => (ColumnType.Double, sizeof(double)),
            CellType.Boolean => (ColumnType.Boolean, sizeof(byte)),
            CellType.Timestamp => (ColumnType.TimestampMicroseconds, sizeof(long)),
            CellType.Key => (ColumnType.Fixed, Pubkey.Size),
            CellType.Signature => (ColumnType.Fixed, Signature.Size),
            CellType.Text or CellType.Json => (ColumnType.Text, 0),
            _ => (ColumnType.Bytes, 0),
        };
        return new ColumnDescription(column.Name, type, width, column.IsNullable);
    }

    // Takes rows until the row group is full; returns their bytes.
    private int Take(ReadOnlySpan<byte> rows)
    {
        var columns = _table.Columns;
        var buffers = _writer.Rows.Columns;
        var bytes = 0;
        for (var reader = new Relational.RowReader(_table, rows); !_writer.IsFull && reader.NextRow();)
        {
            bytes += reader.Row.Length;
            var prefix = columns.Count;
            for (var i = 0; i < columns.Count; i++)
            {
                var buffer = buffers[i];
                var type = columns[i].Type;
                if (reader.ReadNull())
                {
                    buffer.AddNull();
                    if (type == CellType.Signature)
                    {
                        buffers[prefix++].AddNull();
                    }

                    continue;
                }

                switch (type)
                {
                    case CellType.UInt8:
                        buffer.AddNumber(reader.ReadUInt8());
                        break;
                    case CellType.UInt16:
                        buffer.AddNumber(reader.ReadUInt16());
                        break;
                    case CellType.UInt32:
                        buffer.AddNumber(reader.ReadUInt32());
                        break;
                    case CellType.UInt64:
                        buffer.AddNumber(reader.ReadUInt64());
                        break;
                    case CellType.Int64:
                        buffer.AddNumber(reader.ReadInt64());
                        break;
                    case CellType.Timestamp:
                        buffer.AddNumber(reader.ReadTimestamp());
                        break;
                    case CellType.Float32:
                        buffer.AddNumber(reader.ReadFloat32());
                        break;
                    case CellType.Float64:
                        buffer.AddNumber(reader.ReadFloat64());
                        break;
                    case CellType.Boolean:
                        buffer.AddNumber(reader.ReadBoolean() ? (byte)1 : (byte)0);
                        break;
                    case CellType.Key:
                        buffer.Add(reader.ReadKey());
                        break;
                    case CellType.Signature:
                        var signature = reader.ReadSignature();
                        buffer.Add(signature);
                        buffers[prefix++].AddNumber(MemoryMarshal.Read<ulong>(signature));
                        break;
                    default:
                        buffer.Add(reader.ReadBytes());
                        break;
                }
            }
        }

        return bytes;
    }
}
