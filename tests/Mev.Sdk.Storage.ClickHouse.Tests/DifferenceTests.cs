using Mev.Sdk.Storage.ClickHouse.Internal;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tests.Queries;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Storage.ClickHouse.Tests;

public sealed class DifferenceTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(400, true)]
    public async Task Generated_questions_have_the_answers_of_the_reference(int rows, bool extremes)
    {
        var random = new Random(7 + rows + (extremes ? 1 : 0));
        await using var test = await TestStore.OpenAsync();
        using var connection = new ClickHouseConnection(test.Options, null, TimeProvider.System, NullLogger.Instance);
        var planner = new HistoryPlanner([test.Store]);
        foreach (var table in HistoryDifference.Tables)
        {
            using var buffer = HistoryData.Generate(table, random, rows, extremes);
            if (rows > 0)
            {
                await connection.InsertAsync($"{table.Name} ({Sql.Columns(table)})", buffer.Memory, $"{table.Name}{rows}", TestContext.Current.CancellationToken);
            }

            await HistoryDifference.CompareAsync(table, HistoryData.Decode(buffer), planner, random, HistoryDifference.QuestionsPerTable, TestContext.Current.CancellationToken);
        }
    }
}
