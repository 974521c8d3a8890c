using System.Globalization;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>ClickHouse's SQL.</summary>
#pragma warning disable RS0022 // The base is closed to other databases and open to stores of this one: that is meant.
public class ClickHouseDialect : SqlDialect
#pragma warning restore RS0022
{
    /// <inheritdoc/>
    public override string Name => "clickhouse";

    internal override string Parameter(in SqlColumn column, HistoryValue value, SqlParameters parameters)
    {
        var (type, bound) = value.Kind switch
        {
            HistoryValueKind.Integer when HistoryValues.IsUnsigned(column.Type) => ("UInt64", (object)value.AsUInt64()),
            HistoryValueKind.Integer => ("Int64", value.AsInt64()),
            HistoryValueKind.Timestamp => ("Int64", value.AsMicroseconds()),
            HistoryValueKind.Float => ("Float64", value.AsFloat()),
            HistoryValueKind.Boolean => ("", value.AsBoolean()),
            HistoryValueKind.Bytes => ("String", Convert.ToHexString(value.AsBytes().Span)),
            _ => ("String", value.AsText()),
        };
        if (bound is bool truth)
        {
            return truth ? "true" : "false";
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{{p{parameters.Add(type, bound)}:{type}}}");
        return value.Kind switch
        {
            HistoryValueKind.Timestamp => $"fromUnixTimestamp64Micro({text}, 'UTC')",
            HistoryValueKind.Bytes when column.Type == ColumnType.Bytes => $"unhex({text})",
            HistoryValueKind.Bytes => $"toFixedString(unhex({text}), {(column.Type == ColumnType.Key ? Pubkey.Size : Signature.Size)})",
            _ => text,
        };
    }

    internal override string Comparable(in SqlColumn column) => column.Type == ColumnType.Float32 ? $"toFloat64({column.Text})" : column.Text;

    internal override string Select(in SqlColumn column) => column.Type == ColumnType.Float32 ? $"toFloat64({column.Text})" : base.Select(in column);

    internal override string AnyBits(in SqlColumn column, UInt128 mask) => $"bitAnd({Wide(in column)}, {Literal(mask)}) <> 0";

    internal override string Microseconds(string timestamp) => $"toUnixTimestamp64Micro({timestamp})";

    internal override string Bucket(in SqlColumn column, long width)
    {
        if (column.Type == ColumnType.Int64)
        {
            var (value, wide) = ($"toInt128({column.Text})", $"toInt128({Text(width)})");
            return $"({value} - ((({value} % {wide}) + {wide}) % {wide}))";
        }

        return $"(intDiv({Wide(in column)}, {Literal((UInt128)width)}) * {Literal((UInt128)width)})";
    }

    internal override string TimeBucket(in SqlColumn column, long microseconds)
    {
        var (value, width) = (Microseconds(column.Text), $"toInt64({Text(microseconds)})");
        return $"({value} - ((({value} % {width}) + {width}) % {width}))";
    }

    internal override string LogLinear(in SqlColumn column, int bits)
    {
        var name = column.Text;
        return column.Type == ColumnType.Int64
            ? $"CASE WHEN {name} < 0 THEN -1 - ({Tree($"bitNot({name})", bits, 63, Shift, Signed)}) ELSE {Tree(name, bits, 63, Shift, Signed)} END"
            : Tree(Wide(in column), bits, WidthOf(column.Type), Shift, Literal);
    }

    internal override string Scaled(in SqlColumn column, int scale, string limit) =>
        $"CASE WHEN abs(toFloat64({column.Text})) < toFloat64({limit}) THEN toInt64(floor(toFloat64({column.Text}) * {Text(scale)})) END";

    internal override string HashRegister(in SqlColumn column) => $"bitShiftRight({Hash(in column)}, {DistinctSketch.RestBits})";

    internal override string HashRest(in SqlColumn column) => $"bitAnd({Hash(in column)}, {Literal((1UL << DistinctSketch.RestBits) - 1)})";

    // sum() of 64-bit numbers is one of 64 bits and wraps around.
    internal override string Sum(in SqlColumn column, string? where) => $"coalesce(sum({When($"toInt128({column.Text})", where)}), toInt128(0))";

    // min() of no rows is 0 here, not null.
    internal override string MinMax(in SqlColumn column, bool isMax, string? where)
    {
        var value = $"{(isMax ? "maxOrNull" : "minOrNull")}({When(Number(in column), where)})";
        return column.Type == ColumnType.Timestamp ? Microseconds(value) : value;
    }

    internal override string Min(string expression) => $"minOrNull({expression})";

    internal override string Number(in SqlColumn column) => Comparable(in column);

    private static string Hash(in SqlColumn column) => $"byteSwap(reinterpretAsUInt64(substring({column.Text}, {DistinctSketch.HashOffset + 1}, 8)))";

    private static string Wide(in SqlColumn column) => column.Type == ColumnType.UInt64 ? column.Text : $"toUInt64({column.Text})";

    private static string Shift(string value, int bits) => $"bitShiftRight({value}, {bits})";

    private static string Literal(UInt128 number) => $"toUInt64({number.ToString(CultureInfo.InvariantCulture)})";

    private static string Signed(UInt128 number) => $"toInt64({number.ToString(CultureInfo.InvariantCulture)})";
}
