using DuckDB.NET.Native;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.DuckDb;

/// <summary>The tables of the catalogue in DuckDB's words.</summary>
internal static class TableSql
{
    /// <summary>
    /// A column of this database alone, behind the others of tables that are looked up by signature: the first 8 bytes as a number, which joins and look-ups compare first; on
    /// random bytes that is as good as a hash.
    /// </summary>
    public const string Prefix = "signature_prefix";

    private static readonly (string Name, DuckDBType Type)[] TypeNames =
    [
        ("UTINYINT", DuckDBType.UnsignedTinyInt), ("USMALLINT", DuckDBType.UnsignedSmallInt), ("UINTEGER", DuckDBType.UnsignedInteger), ("UBIGINT", DuckDBType.UnsignedBigInt),
        ("BIGINT", DuckDBType.BigInt), ("FLOAT", DuckDBType.Float), ("DOUBLE", DuckDBType.Double), ("BOOLEAN", DuckDBType.Boolean), ("TIMESTAMP", DuckDBType.Timestamp),
        ("BLOB", DuckDBType.Blob), ("BLOB", DuckDBType.Blob), ("BLOB", DuckDBType.Blob), ("VARCHAR", DuckDBType.Varchar), ("VARCHAR", DuckDBType.Varchar),
    ];

    public static bool HasPrefix(HistoryTable table) => table == HistoryTables.Transactions || table == HistoryTables.MevOpportunities;

    /// <summary>What stands between the parentheses of CREATE TABLE.</summary>
    public static string Columns(HistoryTable table)
    {
        var columns = table.Columns.Select(static c => $"{c.Name} {TypeNames[(int)c.Type].Name}{(c.IsNullable ? "" : " NOT NULL")}");
        return string.Join(", ", HasPrefix(table) ? columns.Append(Prefix + " UBIGINT") : columns);
    }

    /// <summary>Names of the columns, in the order of <see cref="Columns"/>.</summary>
    public static string Names(HistoryTable table)
    {
        var names = table.Columns.Select(static c => c.Name);
        return string.Join(", ", HasPrefix(table) ? names.Append(Prefix) : names);
    }

    /// <summary>Names of the catalogue's columns alone.</summary>
    public static string PlainNames(HistoryTable table) => string.Join(", ", table.Columns.Select(static c => c.Name));

    /// <summary>Types of the catalogue's columns alone.</summary>
    public static DuckDBType[] PlainTypes(HistoryTable table) => [.. table.Columns.Select(static c => TypeNames[(int)c.Type].Type)];

    /// <summary>A table without rows.</summary>
    public static string Empty(HistoryTable table) => $"(SELECT {string.Join(", ", table.Columns.Select(static c => $"NULL::{TypeNames[(int)c.Type].Name} AS {c.Name}"))} LIMIT 0)";

    public static DuckDBType[] Types(HistoryTable table)
    {
        var types = table.Columns.Select(static c => TypeNames[(int)c.Type].Type);
        return [.. HasPrefix(table) ? types.Append(DuckDBType.UnsignedBigInt) : types];
    }
}
