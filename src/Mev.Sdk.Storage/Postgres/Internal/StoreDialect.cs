using System.Buffers.Binary;
using System.Globalization;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>PostgreSQL's SQL over the views of a store: keys are grouped and compared by their ids, and looked up in what comes out; a signature is looked for by the half that has an index.</summary>
internal sealed class StoreDialect : PostgresDialect
{
    private const string IdSuffix = "_id";

    public override string ColumnName(HistoryTable table, HistoryColumn column) => IsKeyId(table, column) ? column.Name + IdSuffix : column.Name;

    public override SqlColumnForm FormOf(HistoryTable table, HistoryColumn column) => IsKeyId(table, column) ? SqlColumnForm.KeyNumber : base.FormOf(table, column);

    public override string? Narrow(HistoryTable table, HistoryColumn column, ReadOnlySpan<byte> value) =>
        TableLayout.Of(table).Forms[column.Ordinal].Form == ColumnForm.Halves && value.Length == Signature.Size
            ? string.Create(CultureInfo.InvariantCulture, $"t.{column.Name}_prefix = '{BinaryPrimitives.ReadInt64BigEndian(value)}'::int8")
            : null;

    // Of the key itself, which the view joins: one look-up a row would be dearer.
    internal override string HashRegister(in SqlColumn column) => base.HashRegister(Joined(in column));

    internal override string HashRest(in SqlColumn column) => base.HashRest(Joined(in column));

    private static SqlColumn Joined(in SqlColumn column) =>
        column.Form == SqlColumnForm.KeyNumber ? column with { Text = column.Text[..^IdSuffix.Length], Form = SqlColumnForm.Plain } : column;

    private static bool IsKeyId(HistoryTable table, HistoryColumn column) => TableLayout.Of(table).Forms[column.Ordinal].Form == ColumnForm.KeyId;
}
