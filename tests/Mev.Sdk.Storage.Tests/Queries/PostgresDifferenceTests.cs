using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tests.Postgres;

namespace Mev.Sdk.Storage.Tests.Queries;

[Trait("Needs", "postgres")]
public sealed class PostgresDifferenceTests(PostgresFixture fixture)
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(300, true)]
    public async Task Generated_questions_have_the_answers_of_the_reference(int rows, bool extremes)
    {
        var token = TestContext.Current.CancellationToken;
        var random = new Random(9 + rows);
        await using var store = new PostgresPlainTables((await fixture.ServerAsync()).ConnectionString);
        foreach (var table in HistoryDifference.Tables)
        {
            using var buffer = HistoryData.Generate(table, random, rows, extremes);
            await store.LoadAsync(buffer, token);
            await HistoryDifference.CompareAsync(table, HistoryData.Decode(buffer), new HistoryPlanner([store]), random, HistoryDifference.QuestionsPerTable / 2, token);
        }
    }
}
