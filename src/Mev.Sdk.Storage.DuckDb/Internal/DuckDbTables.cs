using System.Buffers.Binary;
using System.Globalization;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>DuckDB's SQL over the store's own tables: what looks for a signature compares its first 8 bytes first.</summary>
internal sealed class DuckDbTables : DuckDbDialect
{
    public static DuckDbTables Dialect { get; } = new();

    public override string? Narrow(HistoryTable table, HistoryColumn column, ReadOnlySpan<byte> value) =>
        column.Name == "signature" && (table == HistoryTables.Transactions || table == HistoryTables.MevOpportunities)
            ? "t.signature_prefix = " + BinaryPrimitives.ReadUInt64LittleEndian(value).ToString(CultureInfo.InvariantCulture)
            : null;
}
