using System.Globalization;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>DuckDB's SQL.</summary>
#pragma warning disable RS0022 // The base is closed to other databases and open to stores of this one: that is meant.
public class DuckDbDialect : SqlDialect
#pragma warning restore RS0022
{
    /// <inheritdoc/>
    public override string Name => "duckdb";

    internal override string Parameter(in SqlColumn column, HistoryValue value, SqlParameters parameters)
    {
        var (type, bound) = value.Kind switch
        {
            HistoryValueKind.Integer when HistoryValues.IsUnsigned(column.Type) => ("UBIGINT", (object)value.AsUInt64()),
            HistoryValueKind.Integer => ("BIGINT", value.AsInt64()),
            HistoryValueKind.Timestamp => ("BIGINT", value.AsMicroseconds()),
            HistoryValueKind.Float => ("DOUBLE", value.AsFloat()),
            HistoryValueKind.Boolean => ("", value.AsBoolean()),
            HistoryValueKind.Bytes => ("BLOB", value.AsBytes().ToArray()),
            _ => ("VARCHAR", value.AsText()),
        };
        if (bound is bool truth)
        {
            return truth ? "TRUE" : "FALSE";
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"${parameters.Add(type, bound)}::{type}");
        return value.Kind == HistoryValueKind.Timestamp ? $"make_timestamp({text})" : text;
    }

    // A FLOAT is compared as the DOUBLE that it is exactly.
    internal override string Comparable(in SqlColumn column) => column.Type == ColumnType.Float32 ? column.Text + "::DOUBLE" : column.Text;

    internal override string Select(in SqlColumn column) => column.Type == ColumnType.Float32 ? column.Text + "::DOUBLE" : base.Select(in column);

    internal override string AnyBits(in SqlColumn column, UInt128 mask) => $"({Wide(in column)} & {Literal(mask)}) <> 0";

    internal override string Microseconds(string timestamp) => $"epoch_us({timestamp})";

    internal override string Bucket(in SqlColumn column, long width)
    {
        if (column.Type == ColumnType.Int64)
        {
            var value = column.Text + "::HUGEINT";
            return $"({value} - ((({value} % {Text(width)}) + {Text(width)}) % {Text(width)}))";
        }

        return $"(({Wide(in column)} // {Literal((UInt128)width)}) * {Literal((UInt128)width)})";
    }

    internal override string TimeBucket(in SqlColumn column, long microseconds)
    {
        var (value, width) = (Microseconds(column.Text), Text(microseconds) + "::BIGINT");
        return $"({value} - ((({value} % {width}) + {width}) % {width}))";
    }

    internal override string LogLinear(in SqlColumn column, int bits)
    {
        var name = column.Text;
        return column.Type == ColumnType.Int64
            ? $"CASE WHEN {name} < 0 THEN -1 - ({Tree($"(~{name})", bits, 63, Shift, Signed)}) ELSE {Tree(name, bits, 63, Shift, Signed)} END"
            : Tree(Wide(in column), bits, WidthOf(column.Type), Shift, Literal);
    }

    internal override string Scaled(in SqlColumn column, int scale, string limit) =>
        $"CASE WHEN abs({column.Text}::DOUBLE) < {limit}::DOUBLE THEN floor({column.Text}::DOUBLE * {Text(scale)}::DOUBLE)::BIGINT END";

    internal override string HashRegister(in SqlColumn column) => $"({Hash(in column)} >> {DistinctSketch.RestBits})";

    internal override string HashRest(in SqlColumn column) => $"({Hash(in column)} & {(1UL << DistinctSketch.RestBits) - 1})";

    internal override string Sum(in SqlColumn column, string? where) => $"coalesce(sum({When(column.Text, where)}), 0)";

    internal override string Number(in SqlColumn column) => Comparable(in column);

    private static string Hash(in SqlColumn column) => $"array_slice({column.Text}, {DistinctSketch.HashOffset + 1}, {DistinctSketch.HashOffset + 8})::BIT::UBIGINT";

    private static string Wide(in SqlColumn column) => column.Type == ColumnType.UInt64 ? column.Text : column.Text + "::UBIGINT";

    private static string Shift(string value, int bits) => $"({value} >> {bits})";

    private static string Literal(UInt128 number) => number.ToString(CultureInfo.InvariantCulture) + "::UBIGINT";

    private static string Signed(UInt128 number) => number.ToString(CultureInfo.InvariantCulture) + "::BIGINT";
}
