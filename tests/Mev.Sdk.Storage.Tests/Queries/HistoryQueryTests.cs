using System.Text;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tests.Queries;

public sealed class HistoryQueryTests
{
    private static readonly HistoryQuery Valid = new() { Table = "transactions" };

    [Theory]
    [InlineData("""{"table":"nope"}""", "table: there is no table 'nope'; use one of transactions")]
    [InlineData("""{"table":"transactions","limit":0}""", "limit: 0 rows are asked for; ask for 1 to 100000")]
    [InlineData("""{"table":"transactions","limit":100001}""", "ask for 1 to 100000")]
    [InlineData("""{"table":"transactions","columns":["slot","slot"]}""", "'slot' is named twice")]
    [InlineData("""{"table":"transactions","columns":["x; DROP TABLE transactions"]}""", "has no column 'x; DROP TABLE transactions'")]
    [InlineData("""{"table":"transactions","span":{"from":"2026-01-01T00:00:00Z"}}""", "'transactions' is ordered by slot; state slots")]
    [InlineData("""{"table":"transactions","span":{"firstSlot":5,"lastSlot":4}}""", "it ends before it begins (slots 5 to 4)")]
    [InlineData("""{"table":"transactions","filter":{"column":"payer","value":"abc"}}""", "filter on 'payer': 'abc' is no key: 32 bytes, in base58")]
    [InlineData("""{"table":"transactions","filter":{"column":"slot","value":1.5}}""", "is no whole number")]
    [InlineData("""{"table":"transactions","filter":{"column":"slot"}}""", "nothing is equal to null")]
    [InlineData("""{"table":"transactions","filter":{"column":"payer","test":"anyBits","value":1}}""", "bits are asked of a column that has none")]
    [InlineData("""{"table":"transactions","filter":{"all":[]}}""", "filter.all: it is empty")]
    [InlineData("""{"table":"transactions","filter":{}}""", "state exactly one of these")]
    [InlineData("""{"table":"mev_opportunities","filter":{"column":"metadata","value":"{}"}}""", "JSON is not compared")]
    [InlineData("""{"table":"transactions","groupBy":[{"column":"score"}]}""", "groupBy[0] by 'score': its values are no groups")]
    [InlineData("""{"table":"transactions","groupBy":[{"column":"slot","by":"width"}]}""", "the width is 0")]
    [InlineData("""{"table":"transactions","aggregates":[{"of":"sum","column":"score"}]}""", "sums of floats depend on the order of the rows")]
    [InlineData("""{"table":"transactions","aggregates":[{"of":"count"},{"of":"count"}]}""", "'count' would be twice in the answer")]
    [InlineData("""{"table":"transactions","aggregates":[{"of":"count","name":"a b"}]}""", "lower-case letters, digits and underscores")]
    [InlineData("""{"table":"transactions","aggregates":[{"of":"quantile","column":"slot","quantile":2}]}""", "the quantile is not within 0 and 1")]
    [InlineData("""{"table":"transactions","aggregates":[{"of":"count"}],"order":[{"by":"slot"}]}""", "the answer has no 'slot'; use one of count")]
    [InlineData("""{"table":"transactions","groupBy":[null],"aggregates":[null],"order":[null]}""", "aggregates[0]: it is null")]
    [InlineData("""{"table":"transactions","columns":[null],"order":[null]}""", "order: 'transactions' has no column ''")]
    [InlineData("""{"table":"transactions","filter":{"any":[null]}}""", "filter.any[0]: it is null")]
    [InlineData("""{"table":null}""", "there is no table ''")]
    [InlineData("""{"table":"transactions","after":[1,2,3]}""", "it has 3 values where the order has 1 parts")]
    public void Wrong_question_is_told_with_place_and_remedy(string json, string expected) =>
        Assert.Contains(expected, string.Join(' ', HistoryQueryJson.Read(Encoding.UTF8.GetBytes(json)).Validate()), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"table":"transactions","where":1}""")]
    [InlineData("""{"table":"transactions","limit":"10"}""")]
    [InlineData("""{"table":"transactions","limit":1e99}""")]
    [InlineData("""{"table":"transactions","span":{"firstSlot":-1}}""")]
    [InlineData("""{"table":"transactions","span":{"firstSlot":1,"from":"2026-01-01T00:00:00Z"}}""")]
    [InlineData("""{"table":"transactions","span":{}}""")]
    [InlineData("""{"table":"transactions","filter":{"column":"slot","value":{}}}""")]
    [InlineData("""{"table":"transactions","filter":{"column":"slot","value":1e999}}""")]
    public void Json_that_is_no_question_is_refused(string json) => Assert.Throws<HistoryQueryException>(() => HistoryQueryJson.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Hostile_questions_are_refused_and_quickly()
    {
        var filter = HistoryFilter.Equal("slot", 1);
        for (var i = 0; i < 20; i++)
        {
            filter = HistoryFilter.AllOf(filter, filter);
        }

        Assert.Contains("too many or too deep", string.Join(' ', (Valid with { Filter = filter }).Validate()), StringComparison.Ordinal);
        Assert.NotEmpty((Valid with { Filter = HistoryFilter.In("slot", [.. Enumerable.Range(0, 1001).Select(static i => (HistoryValue)i)]) }).Validate());
        Assert.NotEmpty((Valid with { Filter = HistoryFilter.Equal("model_version", new string('x', 2000)) }).Validate());
        Assert.NotEmpty((Valid with { Filter = HistoryFilter.Equal("model_version", "a\0") }).Validate());
        Assert.NotEmpty((Valid with { Filter = HistoryFilter.Equal("model_version", "\uD800") }).Validate());
        var deep = string.Concat(Enumerable.Repeat("{\"all\":[", 10_000));
        Assert.Throws<HistoryQueryException>(() => HistoryQueryJson.Read(Encoding.UTF8.GetBytes($$"""{"table":"transactions","filter":{{deep}}""")));
        Assert.Throws<HistoryQueryException>(() => HistoryQueryJson.Read(new byte[HistoryQueryJson.MaxBytes + 1]));
    }

    [Fact]
    public void Json_of_a_question_reads_back_as_the_same_question()
    {
        var random = new Random(2);
        foreach (var table in HistoryDifference.Tables)
        {
            using var buffer = HistoryData.Generate(table, random, 50, extremes: true);
            var rows = HistoryData.Decode(buffer);
            var generator = new QueryGenerator(table, rows, random);
            for (var i = 0; i < 50; i++)
            {
                var query = generator.Next();
                var back = HistoryQueryJson.Read(HistoryQueryJson.Write(query));
                Assert.Empty(back.Validate());

                // What it means is what counts: the same statement, parameter by parameter.
                if (query.Aggregates.Any(static a => a.Of is HistoryAggregation.Quantile or HistoryAggregation.Distinct))
                {
                    continue;
                }

                var (one, other) = (HistorySql.Write(query, new DuckDbDialect()), HistorySql.Write(back, new DuckDbDialect()));
                Assert.Equal(one.Text, other.Text);
                Assert.Equal(one.Parameters.Select(static p => p.Value), other.Parameters.Select(static p => p.Value));
            }
        }
    }

    [Fact]
    public void Statements_hold_nothing_that_came_from_outside()
    {
        const string Hostile = "'; DROP TABLE transactions; --";
        var query = Valid with { Filter = HistoryFilter.AnyOf(HistoryFilter.Equal("model_version", Hostile), HistoryFilter.In("model_version", Hostile, "b")) };
        foreach (var dialect in (SqlDialect[])[new DuckDbDialect(), new PostgresDialect(), new ClickHouseDialect()])
        {
            var statement = HistorySql.Write(query, dialect);
            Assert.DoesNotContain("DROP", statement.Text, StringComparison.Ordinal);
            Assert.Equal([Hostile, Hostile, "b"], statement.Parameters.Select(static p => p.Value));
        }
    }

    [Theory]
    [InlineData(0UL, 100UL, "t.slot >= 0 AND t.slot <= $1::bigint")]
    [InlineData(5UL, 100UL, "t.slot >= $1::bigint AND t.slot <= $2::bigint")]
    [InlineData(5UL, ulong.MaxValue - 1, "(t.slot < 0 OR t.slot >= $1::bigint) AND (t.slot >= 0 OR t.slot <= $2::bigint)")]
    [InlineData(1UL << 63, ulong.MaxValue, "(t.slot < 0 AND t.slot >= $1::bigint)")]
    public void Range_of_unsigned_numbers_is_plain_in_postgresql_where_it_can_be(ulong first, ulong last, string expected) => Assert.Contains(
        $" WHERE {expected} ORDER BY", HistorySql.Write(Valid with { Columns = ["lsn"], Span = HistorySpan.Slots(first, last) }, new PostgresDialect()).Text, StringComparison.Ordinal);

    [Fact]
    public void Text_is_ordered_by_its_bytes_in_utf_8()
    {
        string[] texts = ["", "\u007F", "\uD7FF", "\uE000", "\uFFFD", "\U00010000", "\U0010FFFF", "a", "aa", "\U00010000a", "\U00010001"];
        foreach (var left in texts)
        {
            foreach (var right in texts)
            {
                var bytes = Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
                Assert.Equal(Math.Sign(bytes), Math.Sign(HistoryValue.Text(left).CompareTo(right)));
            }
        }
    }

    [Fact]
    public void Questions_of_the_dashboard_are_valid_and_have_names_of_their_own()
    {
        Assert.Equal(10, DashboardQuestions.All.Select(static q => q.Name).Distinct().Count());
        Assert.All(DashboardQuestions.All, static q => Assert.Empty(q.Query.Validate()));
        Assert.All(DashboardQuestions.All, static q => Assert.Equal(HistoryRange.Slot, HistoryTables.Get(q.Query.Table).Range));
    }
}
