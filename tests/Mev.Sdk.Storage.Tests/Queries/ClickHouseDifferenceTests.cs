using Mev.Sdk.Storage.Queries;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Storage.Tests.Queries;

[Trait("Needs", "clickhouse")]
public sealed class ClickHouseDifferenceTests
{
    [Fact]
    public async Task Generated_questions_have_the_answers_of_the_reference()
    {
        var token = TestContext.Current.CancellationToken;
        ClickHouseServer server;
        try
        {
            server = await ClickHouseServer.StartAsync();
        }
        catch (ServerMissingException e)
        {
            Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), e.Message);
            throw;
        }

        await using (server)
        {
            foreach (var (rows, extremes) in ((int, bool)[])[(0, false), (300, true)])
            {
                var random = new Random(8 + rows);
                using var store = new ClickHousePlainTables(server, $"q{rows}");
                foreach (var table in HistoryDifference.Tables)
                {
                    using var buffer = HistoryData.Generate(table, random, rows, extremes);
                    await store.LoadAsync(buffer, token);
                    await HistoryDifference.CompareAsync(table, HistoryData.Decode(buffer), new HistoryPlanner([store]), random, HistoryDifference.QuestionsPerTable / 2, token);
                }
            }
        }
    }
}
