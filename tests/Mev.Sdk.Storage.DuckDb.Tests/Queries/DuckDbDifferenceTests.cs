using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tests.Queries;

namespace Mev.Sdk.Storage.DuckDb.Tests.Queries;

public sealed class DuckDbDifferenceTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(400, false)]
    [InlineData(400, true)]
    public async Task Generated_questions_have_the_answers_of_the_reference(int rows, bool extremes)
    {
        var random = new Random(7 + rows + (extremes ? 1 : 0));
        using var store = new DuckDbPlainTables();
        var planner = new HistoryPlanner([store]);
        foreach (var table in HistoryDifference.Tables)
        {
            using var buffer = HistoryData.Generate(table, random, rows, extremes);
            store.Load(buffer);
            await HistoryDifference.CompareAsync(table, HistoryData.Decode(buffer), planner, random, HistoryDifference.QuestionsPerTable, TestContext.Current.CancellationToken);
        }
    }
}
