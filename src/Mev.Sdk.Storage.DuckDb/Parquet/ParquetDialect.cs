using System.Buffers.Binary;
using System.Globalization;
using Mev.Sdk.Storage.Columnar;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using ColumnType = Mev.Sdk.Storage.Relational.ColumnType;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>DuckDB's SQL over the files of one question.</summary>
internal sealed class ParquetDialect(IReadOnlyCollection<string> paths) : DuckDbDialect
{
    public override string Source(HistoryTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return paths.Count == 0 ? TableSql.Empty(table) : ParquetEngine.Source(paths);
    }

    // The number's Bloom filters say which row groups may have the signature at all.
    public override string? Narrow(HistoryTable table, HistoryColumn column, ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Type == ColumnType.Signature && paths.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $"t.{HistoryTableWriter.PrefixOf(column.Name)} = {BinaryPrimitives.ReadUInt64LittleEndian(value)}")
            : null;
    }
}
