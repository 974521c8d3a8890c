using Mev.Sdk.Storage.Columnar.Columns;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Columnar.Records;

/// <summary>A table of one kind of row.</summary>
internal sealed class RecordRowsOf<TRow>(TableSchema<TRow> schema, TemplateSet templates, RowReader<TRow> read)
    : RecordRows(schema.Name, [.. RecordOrigin.Schema.Columns, .. schema.Columns], templates)
    where TRow : allows ref struct
{
    private static readonly int Common = RecordOrigin.Schema.Columns.Count;

    public override void Append(in RecordView record, in StreamPosition position, ReadOnlySpan<ColumnBuffer> buffers)
    {
        var origin = new RecordOrigin(record, position);
        for (var index = 0; read(in record, index, out var row); index++)
        {
            RecordOrigin.Schema.Append(in origin, buffers[..Common]);
            schema.Append(in row, buffers[Common..]);
        }
    }
}
