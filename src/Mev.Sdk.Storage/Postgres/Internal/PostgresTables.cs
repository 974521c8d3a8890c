using System.Buffers.Binary;
using System.Globalization;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>PostgreSQL's SQL over the store's views: keys by their ids, signatures by the half that has an index.</summary>
internal sealed class PostgresTables : PostgresDialect
{
    public static PostgresTables Dialect { get; } = new();

    public override string ColumnName(HistoryTable table, HistoryColumn column) =>
        FormOf(table, column) == SqlColumnForm.KeyNumber ? column.Name + "_id" : column.Name;

    public override SqlColumnForm FormOf(HistoryTable table, HistoryColumn column) =>
        Is(table, column, ColumnForm.KeyId) ? SqlColumnForm.KeyNumber : base.FormOf(table, column);

    public override string? Narrow(HistoryTable table, HistoryColumn column, ReadOnlySpan<byte> value) =>
        Is(table, column, ColumnForm.Halves) ? $"t.{column.Name}_prefix = '{BinaryPrimitives.ReadInt64BigEndian(value).ToString(CultureInfo.InvariantCulture)}'::int8" : null;

    private static bool Is(HistoryTable table, HistoryColumn column, ColumnForm form) => TableLayout.Of(table).Forms[column.Ordinal].Form == form;
}
