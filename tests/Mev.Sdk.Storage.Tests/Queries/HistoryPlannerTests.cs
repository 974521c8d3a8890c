using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Tests.Queries;

public sealed class HistoryPlannerTests
{
    private static readonly HistoryTable Table = HistoryTables.Transactions;
    private static readonly HistoryQuery Count = new() { Table = Table.Name, Aggregates = [HistoryAggregate.Count("a0")] };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_divided_between_tiers_have_the_answers_of_one_table()
    {
        var random = new Random(11);
        foreach (var table in HistoryDifference.Tables)
        {
            using var buffer = HistoryData.Generate(table, random, 300, extremes: true);
            var rows = HistoryData.Decode(buffer);
            await HistoryDifference.CompareAsync(table, rows, new HistoryPlanner(Divide(table, rows, random)), random, HistoryDifference.QuestionsPerTable, Token);
        }
    }

    [Fact]
    public async Task Row_that_stands_in_two_tiers_while_it_is_moved_is_counted_once_by_the_nearer_one()
    {
        var rows = Rows(10, 20, 30);
        var hot = new ReferenceStore("hot", HistoryTier.Hot, Table, rows) { Spans = [HistorySpan.Slots(15, ulong.MaxValue)] };
        var warm = new ReferenceStore("warm", HistoryTier.Warm, Table, [.. rows]) { Spans = [HistorySpan.Slots(0, 25)] };
        var answer = await new HistoryPlanner([warm, hot]).AskAsync(Count, cancellationToken: Token);
        Assert.Equal(3, answer.Rows[0][0].AsInt64());
        Assert.Equal([("hot", HistorySpan.Slots(15, ulong.MaxValue)), ("warm", HistorySpan.Slots(0, 14))], answer.Shares.Select(static s => (s.Store, s.Span)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_that_are_moved_away_while_they_are_read_are_in_the_answer_all_the_same(bool groups)
    {
        var hot = new ReferenceStore("hot", HistoryTier.Hot, Table, Rows(10, 20, 30));
        var warm = new ReferenceStore("warm", HistoryTier.Warm, Table, []) { Spans = [] };

        // The mover's order: copied, stated by warm, taken back by hot, only then removed.
        hot.OnRead = read =>
        {
            if (read == 1)
            {
                warm.Rows.AddRange(hot.Rows.Where(static r => Slot(r) < 25));
                warm.Spans = [HistorySpan.Slots(0, 24)];
                hot.Spans = [HistorySpan.Slots(25, ulong.MaxValue)];
                hot.Rows.RemoveAll(static r => Slot(r) < 25);
            }
        };
        var query = groups ? Count : new HistoryQuery { Table = Table.Name, Columns = ["slot"] };
        var answer = await new HistoryPlanner([hot, warm]).AskAsync(query, cancellationToken: Token);
        Assert.Equal(groups ? [3] : [10, 20, 30], answer.Rows.Select(static r => r[0].AsInt64()));
        Assert.Equal(2, hot.Reads);
    }

    [Fact]
    public async Task Tiers_that_move_under_every_try_are_told_of()
    {
        var hot = new ReferenceStore("hot", HistoryTier.Hot, Table, Rows(10));
        var warm = new ReferenceStore("warm", HistoryTier.Warm, Table, []);
        hot.OnRead = _ => hot.Spans = [HistorySpan.Slots(hot.Spans.Count == 0 ? 0 : (ulong)hot.Spans[0].First + 1, ulong.MaxValue)];
        var failure = await Assert.ThrowsAsync<IOException>(async () => await new HistoryPlanner([hot, warm]).AskAsync(Count, cancellationToken: Token));
        Assert.Contains("moved 'transactions'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failing_tier_fails_the_question_by_name_or_is_missing_when_a_part_is_good_enough()
    {
        var hot = new ReferenceStore("hot", HistoryTier.Hot, Table, Rows(10, 20)) { Spans = [HistorySpan.Slots(15, 100)] };
        var warm = new ReferenceStore("warm", HistoryTier.Warm, Table, Rows(5)) { Spans = [HistorySpan.Slots(0, 14)], OnRead = static _ => throw new IOException("the disk is gone") };
        var planner = new HistoryPlanner([hot, warm]);
        var failure = await Assert.ThrowsAsync<HistoryStoreException>(async () => await planner.AskAsync(Count, cancellationToken: Token));
        Assert.Equal("warm", failure.Store);
        Assert.Contains("'warm' could not answer for slots 0 to 14: the disk is gone", failure.Message, StringComparison.Ordinal);

        var part = await planner.AskAsync(Count, new HistoryAskOptions { AllowPartial = true }, Token);
        Assert.Equal(1, part.Rows[0][0].AsInt64());
        Assert.False(part.IsComplete);
        Assert.Equal(("warm", HistorySpan.Slots(0, 14), "the disk is gone"), (part.Missing[0].Store, part.Missing[0].Span, part.Missing[0].Reason));
    }

    [Fact]
    public async Task Question_about_a_range_that_one_tier_holds_asks_no_other()
    {
        var hot = new ReferenceStore("hot", HistoryTier.Hot, Table, Rows(20)) { Spans = [HistorySpan.Slots(15, 100)] };
        var warm = new ReferenceStore("warm", HistoryTier.Warm, Table, Rows(5)) { Spans = [HistorySpan.Slots(0, 14)] };
        var planner = new HistoryPlanner([hot, warm]);
        Assert.Equal(1, (await planner.AskAsync(Count with { Span = HistorySpan.Slots(15, 20) }, cancellationToken: Token)).Rows[0][0].AsInt64());
        Assert.Equal((1, 0), (hot.Reads, warm.Reads));

        // In the order of slots a tier is asked only when those before it had too little.
        var newest = new HistoryQuery { Table = Table.Name, Columns = ["slot"], Order = [new("slot", Descending: true)], Limit = 1 };
        Assert.Equal(20, (await planner.AskAsync(newest, cancellationToken: Token)).Rows[0][0].AsInt64());
        Assert.Equal((2, 0), (hot.Reads, warm.Reads));
        Assert.Equal(2, (await planner.AskAsync(newest with { Limit = 5 }, cancellationToken: Token)).Rows.Count);
        Assert.Equal((3, 1), (hot.Reads, warm.Reads));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_by_key_have_every_row_or_group_once(bool groups)
    {
        var random = new Random(3);
        using var buffer = HistoryData.Generate(Table, random, 200, extremes: true);
        var rows = HistoryData.Decode(buffer);
        var planner = new HistoryPlanner(Divide(Table, rows, random));
        HistoryQuery query = groups
            ? new() { Table = Table.Name, GroupBy = [HistoryGroup.Of("venue") with { Name = "g0" }, HistoryGroup.Of("payer") with { Name = "g1" }], Aggregates = [HistoryAggregate.Count("a0")], Order = [new("a0", true), new("g0")], Limit = 7 }
            : new() { Table = Table.Name, Columns = ["venue", "score"], Order = [new("score", true), new("venue")], Limit = 7 };
        var read = await planner.ReadAllAsync(query, cancellationToken: Token).ToListAsync(Token);
        var expected = ReferenceHistory.Answer(query with { Limit = HistoryLimits.Rows }, rows);
        Assert.Equal(expected.Select(static r => string.Join('|', r)), read.Select(static r => string.Join('|', r.Values)));
    }

    [Fact]
    public async Task Question_can_be_given_up_and_ends_when_its_time_is_over()
    {
        var store = new ReferenceStore("hot", HistoryTier.Hot, Table, Rows(1, 2, 3)) { OnRow = static async (_, token) => await Task.Delay(Timeout.Infinite, token) };
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var asked = new HistoryPlanner([store]).AskAsync(Count, cancellationToken: leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        var hasty = new HistoryPlanner([store], new HistoryPlannerOptions { Timeout = TimeSpan.FromMilliseconds(100) });
        var failure = await Assert.ThrowsAsync<TimeoutException>(async () => await hasty.AskAsync(Count, cancellationToken: Token));
        Assert.Contains("Mev:Storage:Queries:Timeout", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_rises_to_one_and_names_the_stores()
    {
        var random = new Random(5);
        using var buffer = HistoryData.Generate(Table, random, 100, extremes: false);
        var heard = new List<HistoryProgress>();
        var query = new HistoryQuery { Table = Table.Name, GroupBy = [HistoryGroup.Of("payer")], Aggregates = [HistoryAggregate.QuantileOf("fee_lamports", 0.5), HistoryAggregate.Count()] };
        await new HistoryPlanner(Divide(Table, HistoryData.Decode(buffer), random), new HistoryPlannerOptions { Parallelism = 1 })
            .AskAsync(query, new HistoryAskOptions { Progress = new Listener(heard) }, Token);
        Assert.Equal(heard.Select(static p => p.Fraction).Order(), heard.Select(static p => p.Fraction));
        Assert.Equal(1, heard[^1].Fraction);
        Assert.Equal(["cold", "hot", "warm"], heard.Select(static p => p.Store).OfType<string>().Distinct().Order());
    }

    [Fact]
    public async Task Question_that_would_fill_the_memory_is_refused()
    {
        var rows = Rows([.. Enumerable.Range(0, 3000).Select(static i => (ulong)i)]);
        var planner = new HistoryPlanner([new ReferenceStore("hot", HistoryTier.Hot, Table, rows)], new HistoryPlannerOptions { MaxAnswerBytes = 1 << 20, MaxGroups = 1000 });
        var tooBig = await Assert.ThrowsAsync<HistoryQueryException>(async () => await planner.AskAsync(new HistoryQuery { Table = Table.Name, Limit = 3000 }, cancellationToken: Token));
        Assert.Contains("MaxAnswerBytes", tooBig.Message, StringComparison.Ordinal);
        var groups = new HistoryQuery { Table = Table.Name, GroupBy = [HistoryGroup.Of("slot")], Aggregates = [HistoryAggregate.QuantileOf("fee_lamports", 0.5)], Limit = 1, Order = [new("p50_fee_lamports")] };
        var tooMany = await Assert.ThrowsAsync<HistoryQueryException>(async () => await planner.AskAsync(groups, cancellationToken: Token));
        Assert.Contains("more than 1000 groups", tooMany.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_whose_rows_are_out_of_order_is_told_of_instead_of_counted_wrong()
    {
        var liar = new OutOfOrder();
        var failure = await Assert.ThrowsAsync<HistoryStoreException>(async () => await new HistoryPlanner([liar]).AskAsync(
            new HistoryQuery { Table = Table.Name, Columns = ["lsn"] }, cancellationToken: Token));
        Assert.Contains("out of order", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_stores_of_one_name_are_refused()
    {
        var store = new ReferenceStore("hot", HistoryTier.Hot, Table, []);
        Assert.Contains("'hot'", Assert.Throws<ArgumentException>(() => new HistoryPlanner([store, store])).Message, StringComparison.Ordinal);
        Assert.Contains("Mev:Storage:Queries:Timeout", Assert.Throws<ArgumentException>(() => new HistoryPlanner([store], new HistoryPlannerOptions { Timeout = TimeSpan.Zero })).Message, StringComparison.Ordinal);
    }

    private static ulong Slot(HistoryValue[] row) => row[Table["slot"].Ordinal].AsUInt64();

    private static List<HistoryValue[]> Rows(params ulong[] slots)
    {
        using var buffer = HistoryData.Generate(Table, new Random(1), slots.Length, extremes: false);
        var rows = HistoryData.Decode(buffer);
        for (var i = 0; i < slots.Length; i++)
        {
            rows[i][Table["slot"].Ordinal] = slots[i];
        }

        return rows;
    }

    // Three tiers whose borders are rows' own, each with rows of the others that it does not answer for.
    private static List<ReferenceStore> Divide(HistoryTable table, List<HistoryValue[]> rows, Random random)
    {
        var numbers = rows.Select(r => r[table.RangeColumn!.Ordinal]).Select(static v => v.Kind == HistoryValueKind.Timestamp ? v.AsMicroseconds() : v.AsInteger()).Order().ToList();
        var (first, second) = (numbers[numbers.Count / 3], numbers[numbers.Count * 2 / 3] + random.Next(2));
        var all = HistorySpan.All(table.Range);
        return
        [
            new("cold", HistoryTier.Cold, table, [.. rows]) { Spans = [all with { Last = first }] },
            new("hot", HistoryTier.Hot, table, [.. rows]) { Spans = [all with { First = second }] },
            new("warm", HistoryTier.Warm, table, [.. rows]) { Spans = [all with { First = first + 1, Last = second }, all with { First = first - 5, Last = first }] },
        ];
    }

    private sealed class Listener(List<HistoryProgress> heard) : IProgress<HistoryProgress>
    {
        public void Report(HistoryProgress value)
        {
            lock (heard)
            {
                heard.Add(value);
            }
        }
    }

    private sealed class OutOfOrder : IHistoryStore
    {
        public string Name => "liar";

        public HistoryTier Tier => HistoryTier.Hot;

        public ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken) => new([HistorySpan.All(table.Range)]);

        public async IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return new HistoryRow([2]);
            yield return new HistoryRow([1]);
        }
    }
}
