using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Mev.Sdk.Storage.Columnar.Columns;
using Mev.Sdk.Storage.Columnar.Internal;

namespace Mev.Sdk.Storage.Columnar.Arrow;

/// <summary>An Arrow IPC file or stream. Column buffers are in Arrow's layout already, so that batches are written from them as they are.</summary>
internal sealed class ArrowFile : IRowGroupFile
{
    private readonly CountingStream _output;
    private readonly Schema _schema;
    private readonly ArrowStreamWriter _writer;

    public ArrowFile(Stream output, IReadOnlyList<ColumnDescription> columns, ArrowFormat format)
    {
        _output = new CountingStream(output);
        _schema = new Schema(columns.Select(static column => new Field(column.Name, TypeOf(column), column.IsNullable)), metadata: null);
        _writer = format == ArrowFormat.File ? new ArrowFileWriter(_output, _schema, leaveOpen: true) : new ArrowStreamWriter(_output, _schema, leaveOpen: true);
    }

    public long Length => _output.Length;

    public int RowGroups { get; private set; }

    public async ValueTask WriteRowGroupAsync(ColumnBuffer[] columns, CancellationToken cancellationToken)
    {
        // The arrays only look at the buffers, so there is nothing to give back.
        var batch = new Apache.Arrow.RecordBatch(_schema, columns.Select(ArrayOf), columns[0].Count);
        await _writer.WriteRecordBatchAsync(batch, cancellationToken).ConfigureAwait(false);
        RowGroups++;
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await _writer.WriteStartAsync(cancellationToken).ConfigureAwait(false);
        await _writer.WriteEndAsync(cancellationToken).ConfigureAwait(false);
        await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _output.Dispose();
    }

    private static IArrowType TypeOf(ColumnDescription column) => column.Type switch
    {
        ColumnType.Boolean => BooleanType.Default,
        ColumnType.UInt8 => UInt8Type.Default,
        ColumnType.UInt16 => UInt16Type.Default,
        ColumnType.UInt32 => UInt32Type.Default,
        ColumnType.UInt64 => UInt64Type.Default,
        ColumnType.Int64 => Int64Type.Default,
        ColumnType.Float => FloatType.Default,
        ColumnType.Double => DoubleType.Default,
        ColumnType.Timestamp => new TimestampType(TimeUnit.Nanosecond, "UTC"),
        ColumnType.TimestampMicroseconds => new TimestampType(TimeUnit.Microsecond, "UTC"),
        ColumnType.Fixed => new FixedSizeBinaryType(column.Width),
        ColumnType.Text => StringType.Default,
        _ => BinaryType.Default,
    };

    private static IArrowArray ArrayOf(ColumnBuffer column)
    {
        var validity = column.Nulls > 0 ? new ArrowBuffer(column.Validity) : ArrowBuffer.Empty;
        ArrowBuffer[] buffers = column.Description switch
        {
            { Type: ColumnType.Boolean } => [validity, new ArrowBuffer(Bits(column))],
            { Width: 0 } => [validity, new ArrowBuffer(column.Offsets), new ArrowBuffer(column.Values)],
            _ => [validity, new ArrowBuffer(column.Values)],
        };
        return ArrowArrayFactory.BuildArray(new ArrayData(TypeOf(column.Description), column.Count, column.Nulls, 0, buffers));
    }

    private static byte[] Bits(ColumnBuffer column)
    {
        var bits = new byte[(column.Count + 7) / 8];
        for (var row = 0; row < column.Count; row++)
        {
            bits[row >> 3] |= (byte)(column[row][0] << (row & 7));
        }

        return bits;
    }
}
