using System.Globalization;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>The words in which one database is asked; what is said with them is <see cref="HistorySql"/>'s.</summary>
/// <remarks>Immutable and thread-safe. A store may derive from the dialect of its database to say where its tables are and how it holds their columns.</remarks>
public abstract class SqlDialect
{
    private protected SqlDialect()
    {
    }

    /// <summary>A short name, such as <c>duckdb</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What stands behind FROM for a table: its name, a view's, or a table function.</summary>
    /// <param name="table">The table.</param>
    /// <returns>Trusted SQL.</returns>
    public virtual string Source(HistoryTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.Name;
    }

    /// <summary>The name of a column in the database.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column.</param>
    /// <returns>Trusted SQL: a plain name.</returns>
    public virtual string ColumnName(HistoryTable table, HistoryColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return column.Name;
    }

    /// <summary>How the database holds a column.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column.</param>
    /// <returns>The form.</returns>
    public virtual SqlColumnForm FormOf(HistoryTable table, HistoryColumn column) => SqlColumnForm.Plain;

    /// <summary>Whether the database promises that all numbers of an unsigned 64-bit column are below 2^63, so that they are also ordered as signed ones.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column.</param>
    /// <returns>False unless a store says otherwise.</returns>
    public virtual bool IsBelow63(HistoryTable table, HistoryColumn column) => false;

    /// <summary>A condition that follows from a column being equal to some bytes, and that the database answers faster: on a column of its own with a part of them.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">The column: a key, signature or bytes.</param>
    /// <param name="value">The bytes.</param>
    /// <returns>Trusted SQL over the row <c>t</c>, made of names and numbers; null for none.</returns>
    public virtual string? Narrow(HistoryTable table, HistoryColumn column, ReadOnlySpan<byte> value) => null;

    /// <summary>A condition on a column, its value being what the column can hold.</summary>
    internal virtual string Compare(in SqlColumn column, HistoryTest test, HistoryValue value, SqlParameters parameters) =>
        $"{Comparable(in column)} {Operator(test)} {Parameter(in column, value, parameters)}";

    /// <summary>Whether a column has one of several values, each being what the column can hold.</summary>
    internal virtual string In(in SqlColumn column, IReadOnlyList<HistoryValue> values, SqlParameters parameters)
    {
        var places = new string[values.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = Parameter(in column, values[i], parameters);
        }

        return $"{Comparable(in column)} IN ({string.Join(", ", places)})";
    }

    /// <summary>A parameter to compare with a column of that form.</summary>
    internal abstract string Parameter(in SqlColumn column, HistoryValue value, SqlParameters parameters);

    /// <summary>A column as it is compared and ordered.</summary>
    internal virtual string Comparable(in SqlColumn column) => column.Text;

    /// <summary>Terms that order by a column, direction included, without nulls.</summary>
    internal virtual string OrderBy(in SqlColumn column, string direction) => Comparable(in column) + direction;

    /// <summary>A column as it is selected.</summary>
    internal virtual string Select(in SqlColumn column) => column.Type == ColumnType.Timestamp ? Microseconds(column.Text) : column.Text;

    /// <summary>Whether bits of an unsigned column are set.</summary>
    internal abstract string AnyBits(in SqlColumn column, UInt128 mask);

    internal abstract string Microseconds(string timestamp);

    internal abstract string Bucket(in SqlColumn column, long width);

    internal abstract string TimeBucket(in SqlColumn column, long microseconds);

    internal abstract string LogLinear(in SqlColumn column, int bits);

    internal abstract string Scaled(in SqlColumn column, int scale, string limit);

    internal abstract string HashRegister(in SqlColumn column);

    internal abstract string HashRest(in SqlColumn column);

    internal virtual string Count(string? expression) => expression is null ? "count(*)" : $"count({expression})";

    /// <summary>The exact sum of a column where a condition holds, 0 of nothing.</summary>
    internal abstract string Sum(in SqlColumn column, string? where);

    internal virtual string MinMax(in SqlColumn column, bool isMax, string? where)
    {
        var value = $"{(isMax ? "max" : "min")}({When(Number(in column), where)})";
        return column.Type == ColumnType.Timestamp ? Microseconds(value) : value;
    }

    internal virtual string Min(string expression) => $"min({expression})";

    /// <summary>A column as the number that it is.</summary>
    internal virtual string Number(in SqlColumn column) => column.Text;

    protected private static string Operator(HistoryTest test) => test switch
    {
        HistoryTest.Equal => "=",
        HistoryTest.NotEqual => "<>",
        HistoryTest.Less => "<",
        HistoryTest.LessOrEqual => "<=",
        HistoryTest.Greater => ">",
        _ => ">=",
    };

    internal static string When(string expression, string? where) => where is null ? expression : $"CASE WHEN {where} THEN {expression} END";

    internal static string Text(Int128 number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The log-linear bucket of a number that is not negative: six comparisons a row, and shifts.</summary>
    /// <param name="value">The number.</param>
    /// <param name="bits">Precision.</param>
    /// <param name="width">Bits that the number can have.</param>
    /// <param name="shift">Writes a shift to the right.</param>
    /// <param name="literal">Writes a constant.</param>
    protected private static string Tree(string value, int bits, int width, Func<string, int, string> shift, Func<UInt128, string> literal)
    {
        return Node(0, Math.Max(0, width - bits - 1));

        string Node(int low, int high)
        {
            if (low == high)
            {
                return low == 0 ? value : $"{literal((UInt128)low << bits)} + {shift(value, low)}";
            }

            var middle = (low + high) / 2;
            return $"CASE WHEN {value} < {literal(UInt128.One << (middle + bits + 1))} THEN {Node(low, middle)} ELSE {Node(middle + 1, high)} END";
        }
    }

    protected private static int WidthOf(ColumnType type) => type switch { ColumnType.UInt8 => 8, ColumnType.UInt16 => 16, ColumnType.UInt32 => 32, ColumnType.Int64 => 63, _ => 64 };
}
