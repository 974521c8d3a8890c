using System.Globalization;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>PostgreSQL's SQL, 15 or later.</summary>
/// <remarks>
/// Unsigned 64-bit numbers lie as the same bits in <c>bigint</c>: conditions and orders are written so that they are right for all of them, and plain, so that an index is
/// used, where the question itself keeps the numbers below 2^63. Instants are of the type <c>timestamp</c>, in UTC.
/// </remarks>
#pragma warning disable RS0022 // The base is closed to other databases and open to stores of this one: that is meant.
public class PostgresDialect : SqlDialect
#pragma warning restore RS0022
{
    private const string TwoTo64 = "18446744073709551616";

    /// <inheritdoc/>
    public override string Name => "postgresql";

    /// <inheritdoc/>
    public override SqlColumnForm FormOf(HistoryTable table, HistoryColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Type == ColumnType.UInt64 ? SqlColumnForm.SignedBits : SqlColumnForm.Plain;
    }

    /// <summary>The key of a number, for columns of the form <see cref="SqlColumnForm.KeyNumber"/>.</summary>
    /// <param name="number">SQL of the number.</param>
    /// <returns>SQL of the key.</returns>
    protected internal virtual string KeyOf(string number) => $"(SELECT k.key FROM keys k WHERE k.id = {number})";

    /// <summary>The number of a key, for columns of the form <see cref="SqlColumnForm.KeyNumber"/>.</summary>
    /// <param name="key">SQL of the key.</param>
    /// <returns>SQL of the number; null when it has none.</returns>
    protected internal virtual string NumberOf(string key) => $"(SELECT k.id FROM keys k WHERE k.key = {key})";

    internal override string Compare(in SqlColumn column, HistoryTest test, HistoryValue value, SqlParameters parameters)
    {
        if (column.Form == SqlColumnForm.KeyNumber && test is HistoryTest.Equal or HistoryTest.NotEqual)
        {
            var number = NumberOf(Parameter(in column, value, parameters));
            return test == HistoryTest.Equal ? $"{column.Text} = {number}" : $"({column.Text} IS NOT NULL AND {column.Text} IS DISTINCT FROM {number})";
        }

        if (column.Form != SqlColumnForm.SignedBits || column.Type != ColumnType.UInt64 || column.IsSmall || test is HistoryTest.Equal or HistoryTest.NotEqual)
        {
            return base.Compare(in column, test, value, parameters);
        }

        // The great half of the numbers is negative here, and ordered within itself.
        var (name, bound) = (column.Text, Parameter(in column, value, parameters));
        var isGreat = value.AsInteger() > long.MaxValue;
        return test switch
        {
            HistoryTest.Less or HistoryTest.LessOrEqual => isGreat ? $"({name} >= 0 OR {name} {Operator(test)} {bound})" : $"({name} >= 0 AND {name} {Operator(test)} {bound})",
            _ => isGreat ? $"({name} < 0 AND {name} {Operator(test)} {bound})" : $"({name} < 0 OR {name} {Operator(test)} {bound})",
        };
    }

    internal override string In(in SqlColumn column, IReadOnlyList<HistoryValue> values, SqlParameters parameters)
    {
        if (column.Form != SqlColumnForm.KeyNumber)
        {
            return base.In(in column, values, parameters);
        }

        var numbers = new string[values.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = NumberOf(Parameter(in column, values[i], parameters));
        }

        return $"{column.Text} IN ({string.Join(", ", numbers)})";
    }

    internal override string Parameter(in SqlColumn column, HistoryValue value, SqlParameters parameters)
    {
        var (type, bound) = value.Kind switch
        {
            HistoryValueKind.Integer when column.Type == ColumnType.UInt64 => ("bigint", (object)unchecked((long)value.AsUInt64())),
            HistoryValueKind.Integer => ("bigint", value.AsInt64()),
            HistoryValueKind.Timestamp => ("timestamp", DateTime.SpecifyKind(value.AsTimestamp().UtcDateTime, DateTimeKind.Unspecified)),
            HistoryValueKind.Float => ("float8", value.AsFloat()),
            HistoryValueKind.Boolean => ("", value.AsBoolean()),
            HistoryValueKind.Bytes => ("bytea", value.AsBytes().ToArray()),
            _ => ("text", value.AsText()),
        };
        return bound is bool truth ? truth ? "TRUE" : "FALSE" : string.Create(CultureInfo.InvariantCulture, $"${parameters.Add(type, bound)}::{type}");
    }

    internal override string Comparable(in SqlColumn column) => column switch
    {
        { Form: SqlColumnForm.KeyNumber } => KeyOf(column.Text),
        { Form: SqlColumnForm.SignedBits, Type: not ColumnType.UInt64 } => Number(in column),
        { Type: ColumnType.Float32 } => column.Text + "::float8",
        { Type: ColumnType.Text } => column.Text + " COLLATE \"C\"",
        _ => column.Text,
    };

    internal override string OrderBy(in SqlColumn column, string direction) =>
        column is { Form: SqlColumnForm.SignedBits, Type: ColumnType.UInt64, IsSmall: false } ? $"({column.Text} < 0){direction}, {column.Text}{direction}" : base.OrderBy(in column, direction);

    internal override string Select(in SqlColumn column) => column switch
    {
        { Form: SqlColumnForm.KeyNumber } => KeyOf(column.Text),
        { Type: ColumnType.Float32 } => column.Text + "::float8",
        { Type: ColumnType.Json } => column.Text + "::text",
        _ => base.Select(in column),
    };

    internal override string AnyBits(in SqlColumn column, UInt128 mask) => column.Type == ColumnType.UInt64
        ? $"({column.Text} & {Text(unchecked((long)(ulong)mask))}::bigint) <> 0"
        : $"({Number(in column)} & {Text((Int128)mask)}::bigint) <> 0";

    internal override string Microseconds(string timestamp) => $"(extract(epoch FROM {timestamp}) * 1000000)::bigint";

    internal override string Bucket(in SqlColumn column, long width)
    {
        var value = Number(in column);
        if (column.Type == ColumnType.Int64)
        {
            // Wider than bigint: the least numbers' bucket begins below them.
            return $"({value}::numeric - mod(mod({value}::numeric, {Text(width)}) + {Text(width)}, {Text(width)}))";
        }

        return column is { Type: ColumnType.UInt64, Form: SqlColumnForm.SignedBits, IsSmall: false } ? $"({value} - mod({value}, {Text(width)}))" : $"({value} - {value} % {Text(width)}::bigint)";
    }

    internal override string TimeBucket(in SqlColumn column, long microseconds)
    {
        var (value, width) = (Microseconds(column.Text), Text(microseconds) + "::bigint");
        return $"({value} - ((({value} % {width}) + {width}) % {width}))";
    }

    internal override string LogLinear(in SqlColumn column, int bits)
    {
        var name = column.Text;
        if (column is { Type: ColumnType.UInt64, Form: SqlColumnForm.SignedBits })
        {
            var tree = Tree(name, bits, 63, Shift, Literal);
            var shift = 64 - bits - 1;
            return column.IsSmall ? tree : $"CASE WHEN {name} < 0 THEN {Literal((UInt128)shift << bits)} + ({Shift(name, shift)} & {Literal((UInt128.One << (bits + 1)) - 1)}) ELSE {tree} END";
        }

        return column.Type == ColumnType.Int64
            ? $"CASE WHEN {name} < 0 THEN -1 - ({Tree($"(~{name})", bits, 63, Shift, Literal)}) ELSE {Tree(name, bits, 63, Shift, Literal)} END"
            : Tree(Number(in column), bits, WidthOf(column.Type), Shift, Literal);
    }

    internal override string Scaled(in SqlColumn column, int scale, string limit) =>
        $"CASE WHEN abs({column.Text}::float8) < {limit}::float8 THEN floor({column.Text}::float8 * {Text(scale)}::float8)::bigint END";

    internal override string HashRegister(in SqlColumn column) => $"(({Hash(in column)} >> {DistinctSketch.RestBits}) & {DistinctSketch.Registers - 1})";

    internal override string HashRest(in SqlColumn column) => $"({Hash(in column)} & {Literal((1UL << DistinctSketch.RestBits) - 1)})";

    internal override string Sum(in SqlColumn column, string? where)
    {
        if (column is not { Type: ColumnType.UInt64, Form: SqlColumnForm.SignedBits, IsSmall: false })
        {
            return $"coalesce(sum({When(Number(in column), where)}), 0)";
        }

        var great = where is null ? $"{column.Text} < 0" : $"{column.Text} < 0 AND ({where})";
        return $"(coalesce(sum({When(column.Text, where)}), 0) + {TwoTo64} * count(*) FILTER (WHERE {great}))";
    }

    internal override string Number(in SqlColumn column) => column switch
    {
        { Form: SqlColumnForm.SignedBits, Type: ColumnType.UInt64, IsSmall: false } => $"({column.Text}::numeric + CASE WHEN {column.Text} < 0 THEN {TwoTo64} ELSE 0 END)",
        { Form: SqlColumnForm.SignedBits, Type: ColumnType.UInt32 } => $"({column.Text}::bigint & 4294967295)",
        { Form: SqlColumnForm.SignedBits, Type: ColumnType.UInt16 } => $"({column.Text}::bigint & 65535)",
        { Form: SqlColumnForm.SignedBits, Type: ColumnType.UInt8 } => $"({column.Text}::bigint & 255)",
        { Type: <= ColumnType.UInt32 } => column.Text + "::bigint",
        { Type: ColumnType.Float32 } => column.Text + "::float8",
        _ => column.Text,
    };

    private string Hash(in SqlColumn column) => $"('x' || encode(substring({Select(in column)} FROM {DistinctSketch.HashOffset + 1} FOR 8), 'hex'))::bit(64)::bigint";

    private static string Shift(string value, int bits) => $"({value} >> {bits})";

    private static string Literal(UInt128 number) => number.ToString(CultureInfo.InvariantCulture) + "::bigint";
}
