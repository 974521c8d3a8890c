using Mev.Sdk.Storage.Postgres;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests.Queries;

namespace Mev.Sdk.Storage.Tests.Postgres;

[Trait("Needs", "postgres")]
public sealed class PostgresDifferenceTests(PostgresFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false)]
    [InlineData(400, false)]
    [InlineData(400, true)]
    public async Task Generated_questions_have_the_answers_of_the_reference(int rows, bool extremes)
    {
        var random = new Random(17 + rows + (extremes ? 1 : 0));
        await using var test = await PostgresTestStore.OpenAsync(fixture);
        var planner = new HistoryPlanner([test.Store]);
        foreach (var table in HistoryDifference.Tables)
        {
            using var buffer = HistoryData.Generate(table, random, rows, extremes);
            await LoadAsync(test, buffer);
            await HistoryDifference.CompareAsync(table, HistoryData.Decode(buffer), planner, random, HistoryDifference.QuestionsPerTable, Cancellation);
        }
    }

    [Fact]
    public async Task Spans_begin_with_the_oldest_partition_where_old_ones_are_dropped()
    {
        await using var test = await PostgresTestStore.OpenAsync(fixture, static o => o.RetentionDays = 3);
        Assert.Empty(await test.Store.GetSpansAsync(HistoryTables.Transactions, Cancellation));
        await test.ApplyAsync(Frames.Transaction(1, 10 * Schema.SlotsOfDay), Frames.Transaction(2, 11 * Schema.SlotsOfDay));
        Assert.Equal(HistorySpan.Slots(10 * Schema.SlotsOfDay, ulong.MaxValue), Assert.Single(await test.Store.GetSpansAsync(HistoryTables.Transactions, Cancellation)));
        await test.ApplyAsync(Frames.Transaction(3, 13 * Schema.SlotsOfDay));
        Assert.Equal(HistorySpan.Slots(11 * Schema.SlotsOfDay, ulong.MaxValue), Assert.Single(await test.Store.GetSpansAsync(HistoryTables.Transactions, Cancellation)));
    }

    private static async Task LoadAsync(PostgresTestStore test, RowBuffer rows)
    {
        var layout = TableLayout.Of(rows.Table);
        await using var connection = await test.ConnectAsync();
        var names = new NameIds(2048);
        await names.LoadAsync(connection, Cancellation);
        var scan = new RowScan(layout, rows, names);
        await names.ResolveAsync(connection, Cancellation);
        using var encoded = new CopyBuffer();
        new RowCopy(layout, scan.Ids).Append(rows, encoded);
        await connection.CopyAsync(layout.Rows, layout.ColumnList, [encoded.Memory], Cancellation);
        if (!rows.Table.TryGetColumn("processed_at", out var processed))
        {
            return;
        }

        // Each row as if it were a batch of its own, since each has a time of its own.
        using var batches = new CopyBuffer();
        for (var reader = rows.Read(); reader.NextRow();)
        {
            batches.BeginRow(2);
            batches.Int64((long)(reader.ReadUInt64() ^ (1UL << 63)));
            while (reader.Column < processed.Ordinal)
            {
                reader.Skip();
            }

            batches.Int64(reader.ReadTimestamp() - 946_684_800_000_000);
        }

        await connection.CopyAsync("batches", "last_key, stored_at", [batches.Memory], Cancellation);
    }
}
