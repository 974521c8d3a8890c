using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Tests.Queries;

/// <summary>Asks generated questions and compares the answers with the reference.</summary>
internal static class HistoryDifference
{
    /// <summary>Tables that between them have every type, nullable and not, both ranges, and one and two key columns.</summary>
    public static IReadOnlyList<HistoryTable> Tables { get; } =
        [HistoryTables.Transactions, HistoryTables.MevOpportunities, HistoryTables.Predictions, HistoryTables.PerformanceMetrics, HistoryTables.LabelLegs, HistoryTables.Nodes];

    /// <summary>Questions of one table in an ordinary run, and in a long one.</summary>
    public static int QuestionsPerTable => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 2000 : 60;

    public static async Task CompareAsync(HistoryTable table, IReadOnlyList<HistoryValue[]> rows, HistoryPlanner planner, Random random, int questions, CancellationToken cancellationToken)
    {
        var generator = new QueryGenerator(table, rows, random);
        for (var i = 0; i < questions; i++)
        {
            var query = generator.Next();
            var problems = query.Validate();
            Assert.True(problems.Count == 0, $"{string.Join(' ', problems)}\n{Show(query)}");
            HistoryAnswer answer;
            try
            {
                answer = await planner.AskAsync(query, cancellationToken: cancellationToken);
            }
            catch (HistoryStoreException e)
            {
                throw new InvalidOperationException($"Question {i} failed: {e.Message}\n{Show(query)}", e);
            }

            Equal(ReferenceHistory.Answer(query, rows), answer, query, i);
        }
    }

    public static void Equal(List<HistoryValue[]> expected, HistoryAnswer answer, HistoryQuery query, int question = 0)
    {
        for (var i = 0; i < Math.Min(expected.Count, answer.Rows.Count); i++)
        {
            Assert.True(expected[i].AsSpan().SequenceEqual(answer.Rows[i].Values.ToArray()),
                $"Question {question}, row {i}: expected\n  {string.Join(" | ", expected[i])}\nfound\n  {answer.Rows[i]}\n{Show(query)}");
        }

        Assert.True(expected.Count == answer.Rows.Count, $"Question {question}: expected {expected.Count} rows, found {answer.Rows.Count}.\n{Show(query)}");
        Assert.True(answer.IsComplete);
    }

    private static string Show(HistoryQuery query) =>
        $"{query.Table} {query.Span} where {Show(query.Filter)} columns [{string.Join(',', query.Columns)}] groups [{string.Join("; ", query.GroupBy)}] "
        + $"figures [{string.Join("; ", query.Aggregates.Select(static a => $"{a} where {Show(a.Where)}"))}] order [{string.Join(',', query.Order)}] after [{string.Join(',', query.After)}] limit {query.Limit}";

    private static string Show(HistoryFilter? filter) => filter is null ? "–"
        : filter.All is { } all ? $"all({string.Join(", ", all.Select(Show))})"
        : filter.Any is { } any ? $"any({string.Join(", ", any.Select(Show))})"
        : $"{filter.Column} {filter.Test} {(filter.Values is null ? filter.Value.ToString() : string.Join(',', filter.Values))}";
}
