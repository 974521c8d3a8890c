using System.Globalization;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;
using static Mev.Sdk.Storage.ClickHouse.Tests.TestStore;

namespace Mev.Sdk.Storage.ClickHouse.Tests;

/// <summary>Whatever breaks wherever: what was acknowledged is there, nothing is there twice, and the counts of the ranges are those of the tables.</summary>
public sealed class FaultTests
{
    private static readonly string[] Tables = ["transactions", "mev_opportunities", "slots", "performance_metrics", "predictions", "transaction_repeats", "outcomes"];

    /// <summary>A range with something for every way in which rows are stored.</summary>
    private static byte[][] Frames(int start) =>
    [
        .. Enumerable.Range(start, 40).Select(n => Transaction(n, (ulong)(100 + (n / 10)))),
        Transaction(start, (ulong)(100 + (start / 10)), static r => r with { Stage = SightingStage.Confirmed }),
        Transaction(Math.Max(1, start - 5), (ulong)(100 + (Math.Max(1, start - 5) / 10)), static r => r with { Stage = SightingStage.Confirmed }),
        Slot((ulong)(100 + (start / 10)), SightingStage.Finalized),
        Opportunity((ulong)start, start),
        Opportunity((ulong)start + 1, start + 60),
        Outcome((ulong)Math.Max(1, start - 39), OutcomeStatus.Succeeded, start),
        TestRecords.Metric((ulong)start),
        Prediction("m", (new Lsn(1), start / 1000f), (new Lsn(3), start / 1000f)),
    ];

    [Theory]
    [InlineData("INSERT INTO transactions (", false)]
    [InlineData("INSERT INTO transactions (", true)]
    [InlineData("INSERT INTO transaction_repeats", false)]
    [InlineData("INSERT INTO transaction_repeats", true)]
    [InlineData("INSERT INTO slot_stages", true)]
    [InlineData("INSERT INTO mev_opportunities", false)]
    [InlineData("INSERT INTO mev_opportunities", true)]
    [InlineData("INSERT INTO slots", true)]
    [InlineData("INSERT INTO performance_metrics", false)]
    [InlineData("INSERT INTO projector_ranges", false)]
    [InlineData("INSERT INTO projector_ranges", true)]
    public async Task Store_that_breaks_at_any_insert_ends_as_if_nothing_had_happened(string at, bool afterwards)
    {
        var server = await SharedServer.GetAsync();
        await using var whole = await OpenAsync(server);
        for (var start = 1; start <= 121; start += 40)
        {
            await whole.ApplyAsync(Frames(start));
        }

        await using var test = await OpenAsync(server);
        await test.ApplyAsync(Frames(1));
        await test.ApplyAsync(Frames(41));

        // The third range breaks there for good: a store without retries, as a host that is killed.
        var passing = new PassingBy();
        bool IsIt(string statement) => statement.StartsWith(at, StringComparison.Ordinal);
        (passing.BreaksBefore, passing.LosesAnswer) = (s => !afterwards && IsIt(s), s => afterwards && IsIt(s));
        var options = SharedServer.Options(server, test.Options.Database);
        options.MaxRetries = 0;
        using (var broken = new ClickHouseStore(options, null, null, () => passing))
        {
            Assert.Equal(test.NextLsn, (await broken.OpenAsync(TestContext.Current.CancellationToken)).Add(1));
            using var batch = new BatchLease(TestRecords.Batch(Frames(81), test.NextLsn, test.NextLsn.Value));
            var refused = await Assert.ThrowsAsync<ClickHouseException>(async () => await broken.ApplyAsync([batch.Batch], batch.Batch.LastLsn, TestContext.Current.CancellationToken));
            Assert.True(refused.IsTransient);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await broken.ApplyAsync([batch.Batch], batch.Batch.LastLsn, TestContext.Current.CancellationToken));
        }

        var checkpoint = await test.ReopenAsync();
        for (var start = checkpoint.Value < 100 ? 81 : 121; start <= 121; start += 40)
        {
            await test.ApplyAsync(Frames(start));
        }

        await AssertSameAsync(whole, test);
    }

    [Fact]
    public async Task Lost_answers_are_asked_for_again_and_nothing_is_stored_twice()
    {
        var server = await SharedServer.GetAsync();
        await using var whole = await OpenAsync(server);
        await using var test = await OpenAsync(server);
        var lost = new HashSet<string>(StringComparer.Ordinal);
        var passing = new PassingBy();
        passing.LosesAnswer = statement => statement.StartsWith("INSERT", StringComparison.Ordinal) && lost.Add($"{statement}{passing.Statements.Count / 60}");
        var options = SharedServer.Options(server, test.Options.Database);
        options.MaxRetries = 3;
        using var store = new ClickHouseStore(options, null, null, () => passing);
        await store.OpenAsync(TestContext.Current.CancellationToken);
        for (var start = 1; start <= 81; start += 40)
        {
            var first = await whole.ApplyAsync(Frames(start));
            using var batch = new BatchLease(TestRecords.Batch(Frames(start), first, first.Value));
            await store.ApplyAsync([batch.Batch], batch.Batch.LastLsn, TestContext.Current.CancellationToken);
        }

        Assert.True(lost.Count > 8, $"{lost.Count} answers were lost");
        await test.ReopenAsync();
        await AssertSameAsync(whole, test);
    }

    [Fact]
    public async Task Server_killed_frozen_and_read_only_delays_only_the_projection_which_ends_complete()
    {
        await using var server = await SharedServer.StartOwnAsync();
        await using var test = await OpenAsync(server);
        await test.ApplyAsync(Frames(1));

        // Gone.
        await server.KillAsync();
        var gone = await Assert.ThrowsAsync<ClickHouseException>(() => test.ApplyAsync(Frames(41)));
        Assert.Contains("Mev:Storage:ClickHouse:Url", gone.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Password, gone.ToString(), StringComparison.Ordinal);

        // Back, but it may only read.
        await server.RestartAsync(readOnly: true);
        var refused = await Assert.ThrowsAsync<ClickHouseException>(async () =>
        {
            await test.ReopenAsync();
            await test.ApplyAsync(Frames(41));
        });
        Assert.Contains("may only read", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsTransient);
        await server.KillAsync();

        // Well again, and then it hangs in the middle of a range.
        await server.RestartAsync();
        Assert.Equal(48UL, (await test.ReopenAsync()).Value);
        var options = SharedServer.Options(server, test.Options.Database);
        (options.Timeout, options.MaxRetries) = (TimeSpan.FromSeconds(1), 0);
        var passing = new PassingBy();
        passing.Meanwhile = statement =>
        {
            if (statement.StartsWith("INSERT INTO mev_opportunities", StringComparison.Ordinal))
            {
                server.Freeze();
            }

            return Task.CompletedTask;
        };
        using (var slow = new ClickHouseStore(options, null, null, () => passing))
        {
            await slow.OpenAsync(TestContext.Current.CancellationToken);
            using var batch = new BatchLease(TestRecords.Batch(Frames(41), test.NextLsn, test.NextLsn.Value));
            var late = await Assert.ThrowsAsync<ClickHouseException>(async () => await slow.ApplyAsync([batch.Batch], batch.Batch.LastLsn, TestContext.Current.CancellationToken));
            Assert.Contains("Mev:Storage:ClickHouse:Timeout", late.Message, StringComparison.Ordinal);
        }

        server.Thaw();
        Assert.Equal(48UL, (await test.ReopenAsync()).Value);
        await test.ApplyAsync(Frames(41));
        await test.ApplyAsync(Frames(81));
        await AssertReconciledAsync(test);
        await using var whole = await OpenAsync(server);
        foreach (var start in (int[])[1, 41, 81])
        {
            await whole.ApplyAsync(Frames(start));
        }

        await AssertSameAsync(whole, test);
    }

    [Fact]
    [Trait("Needs", "kill")]
    public async Task Server_killed_between_inserts_again_and_again_loses_nothing_and_stores_nothing_twice()
    {
        var kills = string.Equals(Environment.GetEnvironmentVariable("MEV_LONG"), "1", StringComparison.Ordinal) ? 200 : 4;
        await using var server = await SharedServer.StartOwnAsync();
        await using var test = await OpenAsync(server);
        var random = new Random(6);
        for (var kill = 0; kill < kills; kill++)
        {
            var inserts = random.Next(1, 12);
            var passing = new PassingBy();
            passing.Meanwhile = async statement =>
            {
                if (statement.StartsWith("INSERT", StringComparison.Ordinal) && --inserts == 0)
                {
                    await server.KillAsync();
                }
            };
            var options = SharedServer.Options(server, test.Options.Database);
            options.MaxRetries = 0;
            using (var store = new ClickHouseStore(options, null, null, () => passing))
            {
                var next = await store.OpenAsync(TestContext.Current.CancellationToken);
                await Assert.ThrowsAsync<ClickHouseException>(async () =>
                {
                    while (true)
                    {
                        using var batch = new BatchLease(TestRecords.Batch(Frames(StartAt(next)), next.Add(1), next.Value + 1));
                        await store.ApplyAsync([batch.Batch], batch.Batch.LastLsn, TestContext.Current.CancellationToken);
                        next = batch.Batch.LastLsn;
                    }
                });
            }

            await server.RestartAsync();
        }

        var checkpoint = await test.ReopenAsync();
        await test.ApplyAsync(Frames(StartAt(checkpoint)));
        await AssertReconciledAsync(test);
        await using var whole = await OpenAsync(server);
        while (whole.NextLsn < test.NextLsn)
        {
            await whole.ApplyAsync(Frames(StartAt(new Lsn(whole.NextLsn.Value - 1))));
        }

        await AssertSameAsync(whole, test);

        static int StartAt(Lsn checkpoint) => (((int)checkpoint.Value / 48) * 40) + 1;
    }

    [Fact]
    public async Task Rows_that_others_removed_are_noticed_before_the_range_counts()
    {
        var server = await SharedServer.GetAsync();
        await using var test = await OpenAsync(server);
        var passing = new PassingBy();
        passing.Meanwhile = async statement =>
        {
            if (statement.StartsWith("SELECT (SELECT uniqExact", StringComparison.Ordinal))
            {
                await test.TextAsync("DELETE FROM transactions WHERE lsn = 7");
            }
        };
        using var store = new ClickHouseStore(test.Options, null, null, () => passing);
        await store.OpenAsync(TestContext.Current.CancellationToken);
        using var batch = new BatchLease(TestRecords.Batch(Frames(1), new Lsn(1)));
        var refused = await Assert.ThrowsAsync<ClickHouseException>(async () => await store.ApplyAsync([batch.Batch], batch.Batch.LastLsn, TestContext.Current.CancellationToken));
        Assert.Contains("holds 39 rows of 'transactions'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Lsn.None, await test.ReopenAsync());
        await test.ApplyAsync(Frames(1));
        Assert.Equal(40, test.Store.TransactionCount);
    }

    // What the ranges say is what the tables hold.
    private static async Task AssertReconciledAsync(TestStore test)
    {
        foreach (var table in Tables)
        {
            var stated = await test.ScalarAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT sum(rows['{table}']) FROM projector_ranges"));
            Assert.Equal(stated, await test.ScalarAsync($"SELECT count() FROM {table}"));
        }

        Assert.Equal(test.Store.TransactionCount, await test.ScalarAsync("SELECT count() FROM transactions"));
        Assert.Equal(test.Store.TransactionCount, await test.ScalarAsync("SELECT uniqExact(signature) FROM transactions"));
        Assert.Equal(test.Store.OpportunityCount, await test.ScalarAsync("SELECT count() FROM mev_opportunities"));
        Assert.Equal(test.Store.TransactionCount, await test.ScalarAsync("SELECT sum(transactions) FROM transactions_per_minute"));
    }

    private static async Task AssertSameAsync(TestStore whole, TestStore test)
    {
        await AssertReconciledAsync(test);
        foreach (var table in Tables)
        {
            var columns = Relational.HistoryTables.All.FirstOrDefault(t => t.Name == table) is { } known
                ? string.Join(", ", known.Columns.Where(c => c.IsReproducible && (table != "transactions" || c.Name != "stage")).Select(static c => c.Name)) // stages follow below, as they are read
                : "lsn, first_lsn";
            var sql = $"SELECT {columns} FROM {table} ORDER BY lsn, 2";
            Assert.Equal(await whole.TextAsync(sql), await test.TextAsync(sql));
        }

        var ours = (await test.Store.GetLatestTransactionsAsync(1000, TestContext.Current.CancellationToken)).Select(static r => (r.Lsn, r.Stage, r.Slot, r.Score));
        Assert.Equal((await whole.Store.GetLatestTransactionsAsync(1000, TestContext.Current.CancellationToken)).Select(static r => (r.Lsn, r.Stage, r.Slot, r.Score)), ours);
        Assert.Equal((whole.Store.TransactionCount, whole.Store.OpportunityCount), (test.Store.TransactionCount, test.Store.OpportunityCount));
    }
}
