using System.Globalization;
using System.Text;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>Writes one statement.</summary>
internal sealed class SqlWriter(BoundQuery query, SqlDialect dialect)
{
    private const string Never = "1 = 0";
    private readonly SqlParameters _parameters = new();
    private readonly HashSet<HistoryColumn> _small = SmallColumns(query, dialect);

    public SqlStatement Write() => query.IsGroups ? WriteGroups() : WriteRows();

    private SqlStatement WriteRows()
    {
        var text = new StringBuilder("SELECT ");
        var fields = new SqlField[query.Columns.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            var column = Column(query.Columns[i]);
            fields[i] = new SqlField(query.Fields[i].Name, query.Fields[i].Kind, SignedBytes(in column));
            text.Append(i == 0 ? "" : ", ").Append(dialect.Select(in column)).Append(Invariant($" AS c{i}"));
        }

        text.Append(" FROM ").Append(dialect.Source(query.Table)).Append(" t");
        var after = query.After.Length > 0 ? After(0) : null;
        AppendWhere(text, after);
        text.Append(" ORDER BY ").AppendJoin(", ", query.Order.Select(o =>
        {
            var column = Column(o.Column!);
            return dialect.OrderBy(in column, Direction(o.Descending, o.Column!.IsNullable));
        }));
        text.Append(" LIMIT ").Append(query.Limit.ToString(CultureInfo.InvariantCulture));
        return new SqlStatement(text.ToString(), _parameters.All, fields);
    }

    // Groups are named within and ordered, limited and turned into what is read without: some databases take a name in ORDER BY only when it stands alone.
    private SqlStatement WriteGroups()
    {
        var text = new StringBuilder();
        var (groups, total) = (query.Groups.Length, query.Fields.Length);
        var fields = new SqlField[total];
        var outer = new SqlColumn[total];
        var inner = new StringBuilder();
        for (var i = 0; i < total; i++)
        {
            string expression;
            var column = i < groups ? query.Groups[i].Column : query.Aggregates[i - groups].Column;
            var name = Invariant($"q.{(i < groups ? 'g' : 'a')}{i}");
            if (i < groups)
            {
                var source = Column(column!);
                var isValue = query.Groups[i].Group.By == HistoryGrouping.Value;
                expression = Expression(in source, query.Groups[i].Group);
                outer[i] = isValue ? source with { Text = name } : default;
                fields[i] = new SqlField(query.Fields[i].Name, query.Fields[i].Kind, isValue ? SignedBytes(in source) : 0);
            }
            else
            {
                expression = Expression(query.Aggregates[i - groups]);
                fields[i] = new SqlField(query.Fields[i].Name, query.Fields[i].Kind, 0);
            }

            inner.Append(i == 0 ? "" : ", ").Append(expression).Append(" AS ").Append(name.AsSpan(2));
            text.Append(i == 0 ? "SELECT " : ", ").Append(outer[i].Text is null ? name : dialect.Select(in outer[i])).Append(Invariant($" AS c{i}"));
        }

        text.Append(" FROM (SELECT ").Append(inner).Append(" FROM ").Append(dialect.Source(query.Table)).Append(" t");
        AppendWhere(text, null);
        if (groups > 0)
        {
            text.Append(" GROUP BY ").AppendJoin(", ", Enumerable.Range(0, groups).Select(static i => Invariant($"g{i}")));
        }

        text.Append(") q");
        if (groups > 0)
        {
            text.Append(" ORDER BY ").AppendJoin(", ", query.Order.Select(o => outer[o.Field].Text is null
                ? Invariant($"q.{(o.Field < groups ? 'g' : 'a')}{o.Field}{Direction(o.Descending, nullable: true)}")
                : dialect.OrderBy(in outer[o.Field], Direction(o.Descending, outer[o.Field].Column.IsNullable))));
            text.Append(" LIMIT ").Append(query.Limit.ToString(CultureInfo.InvariantCulture));
        }

        return new SqlStatement(text.ToString(), _parameters.All, fields);
    }

    private void AppendWhere(StringBuilder text, string? more)
    {
        var conditions = new List<string>(3);
        if (query.Span is { } span && span != HistorySpan.All(span.Range))
        {
            conditions.Add(Within(span));
        }

        if (query.Filter is { } filter)
        {
            conditions.Add(Condition(filter));
        }

        if (more is not null)
        {
            conditions.Add(more);
        }

        if (conditions.Count > 0)
        {
            text.Append(" WHERE ").AppendJoin(" AND ", conditions);
        }
    }

    private string Within(HistorySpan span)
    {
        var column = Column(query.Table.RangeColumn!);
        var isSlots = span.Range == HistoryRange.Slot;
        var all = HistorySpan.All(span.Range);
        var parts = new List<string>(2);
        if (span.First > all.First)
        {
            parts.Add(dialect.Compare(in column, HistoryTest.GreaterOrEqual, Value(span.First), _parameters));
        }
        else if (column.IsSmall && isSlots && column.Form == SqlColumnForm.SignedBits)
        {
            parts.Add($"{column.Text} >= 0"); // what lies above 2^63 is negative here
        }

        if (span.Last < all.Last)
        {
            parts.Add(dialect.Compare(in column, HistoryTest.LessOrEqual, Value(span.Last), _parameters));
        }

        return string.Join(" AND ", parts);

        HistoryValue Value(Int128 end) => isSlots ? HistoryValue.Integer(end) : HistoryValue.Timestamp((long)end);
    }

    private string Condition(BoundFilter filter)
    {
        if (filter.Column is null)
        {
            return "(" + string.Join(filter.IsAny ? " OR " : " AND ", filter.Parts.Select(Condition)) + ")";
        }

        // A column that a condition proves to be small is not small within that very condition.
        var column = Column(filter.Column) with { IsSmall = dialect.IsBelow63(query.Table, filter.Column) };
        switch (filter.Test)
        {
            case HistoryTest.IsNull:
                return $"{column.Text} IS NULL";
            case HistoryTest.IsNotNull:
                return $"{column.Text} IS NOT NULL";
            case HistoryTest.AnyBits:
                return $"({dialect.AnyBits(in column, (UInt128)filter.Values[0].AsInteger())})";
            case HistoryTest.NoBits:
                return $"(NOT ({dialect.AnyBits(in column, (UInt128)filter.Values[0].AsInteger())}))";
            case HistoryTest.In:
                var (min, max) = LimitsOf(filter.Column, column.IsSmall);
                var possible = filter.Values.Distinct().Where(v => v.Kind != HistoryValueKind.Integer || (v.AsInteger() >= min && v.AsInteger() <= max)).ToList();
                return possible.Count switch
                {
                    0 => Never,
                    1 => dialect.Compare(in column, HistoryTest.Equal, possible[0], _parameters),
                    _ => dialect.In(in column, possible, _parameters),
                };
            default:
                return Compare(filter.Column, filter.Test, filter.Values[0], in column);
        }
    }

    // A number that a column cannot hold is before or behind all that it holds, and is not handed to the database.
    private string Compare(HistoryColumn type, HistoryTest test, HistoryValue value, in SqlColumn column)
    {
        if (value.Kind != HistoryValueKind.Integer)
        {
            var compared = dialect.Compare(in column, test, value, _parameters);
            var narrow = test == HistoryTest.Equal && value.Kind == HistoryValueKind.Bytes ? dialect.Narrow(query.Table, type, value.AsBytes().Span) : null;
            return narrow is null ? compared : $"({narrow} AND {compared})";
        }

        var (min, max) = LimitsOf(type, column.IsSmall);
        var number = value.AsInteger();
        if (number >= min && number <= max)
        {
            return dialect.Compare(in column, test, value, _parameters);
        }

        var passes = test switch
        {
            HistoryTest.Equal => false,
            HistoryTest.NotEqual => true,
            HistoryTest.Less or HistoryTest.LessOrEqual => number > max,
            _ => number < min,
        };
        return !passes ? Never : type.IsNullable ? $"{column.Text} IS NOT NULL" : "1 = 1";
    }

    private static (Int128 Min, Int128 Max) LimitsOf(HistoryColumn column, bool isSmall) =>
        isSmall ? (0, long.MaxValue) : HistoryValues.LimitsOf(column.Type);

    private string After(int place)
    {
        var order = query.Order[place];
        var column = Column(order.Column!);
        var value = query.After[place];
        var behind = value.IsNull ? Never : Compare(order.Column!, order.Descending ? HistoryTest.Less : HistoryTest.Greater, value, in column);
        if (!value.IsNull && order.Column!.IsNullable)
        {
            behind = $"({behind} OR {column.Text} IS NULL)";
        }

        if (place == query.Order.Length - 1)
        {
            return behind;
        }

        var same = value.IsNull ? $"{column.Text} IS NULL" : Compare(order.Column!, HistoryTest.Equal, value, in column);
        return $"({behind} OR ({same} AND {After(place + 1)}))";
    }

    private string Expression(in SqlColumn column, HistoryGroup group) => group.By switch
    {
        HistoryGrouping.Value => column.Text,
        HistoryGrouping.Width => dialect.Bucket(in column, group.Width),
        HistoryGrouping.Time => dialect.TimeBucket(in column, group.Every.Ticks / TimeSpan.TicksPerMicrosecond),
        HistoryGrouping.LogLinear => dialect.LogLinear(in column, group.Bits),
        HistoryGrouping.Scaled => dialect.Scaled(in column, group.Scale, ((double)(1L << 53) / group.Scale).ToString("R", CultureInfo.InvariantCulture)),
        _ => dialect.HashRegister(in column),
    };

    private string Expression(BoundAggregate aggregate)
    {
        var where = aggregate.Where is { } filter ? Condition(filter) : null;
        if (aggregate.Column is null)
        {
            return dialect.Count(where is null ? null : SqlDialect.When("1", where));
        }

        var column = Column(aggregate.Column);
        return aggregate.Aggregate.Of switch
        {
            HistoryAggregation.Count => dialect.Count(SqlDialect.When(column.Text, where)),
            HistoryAggregation.Sum => dialect.Sum(in column, where),
            HistoryAggregation.Min => dialect.MinMax(in column, isMax: false, where),
            HistoryAggregation.Max => dialect.MinMax(in column, isMax: true, where),
            _ => dialect.Min(SqlDialect.When(dialect.HashRest(in column), where)),
        };
    }

    private SqlColumn Column(HistoryColumn column) => new("t." + dialect.ColumnName(query.Table, column), column, dialect.FormOf(query.Table, column), _small.Contains(column));

    private static int SignedBytes(in SqlColumn column) => column.Form != SqlColumnForm.SignedBits ? 0 : column.Type switch
    {
        ColumnType.UInt8 => 1,
        ColumnType.UInt16 => 2,
        ColumnType.UInt32 => 4,
        _ => 8,
    };

    private static string Direction(bool descending, bool nullable) => (descending ? " DESC" : "") + (nullable ? " NULLS LAST" : "");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    // Columns whose numbers the question itself keeps below 2^63.
    private static HashSet<HistoryColumn> SmallColumns(BoundQuery query, SqlDialect dialect)
    {
        var small = query.Table.Columns.Where(c => c.Type == ColumnType.UInt64 && dialect.IsBelow63(query.Table, c)).ToHashSet();
        if (query.Span is { Range: HistoryRange.Slot } span && span.Last <= long.MaxValue)
        {
            small.Add(query.Table.RangeColumn!);
        }

        if (query.Filter is { } filter)
        {
            Find(filter);
        }

        return small;

        void Find(BoundFilter part)
        {
            if (part.Column is { Type: ColumnType.UInt64 } column && part.Test is HistoryTest.Less or HistoryTest.LessOrEqual or HistoryTest.Equal && part.Values[0].AsInteger() <= long.MaxValue)
            {
                small.Add(column);
            }

            if (part.Column is null && !part.IsAny)
            {
                foreach (var inner in part.Parts)
                {
                    Find(inner);
                }
            }
        }
    }
}
