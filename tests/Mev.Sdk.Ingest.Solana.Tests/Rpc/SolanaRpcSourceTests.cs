using System.Globalization;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Records;
using Microsoft.AspNetCore.Http;

namespace Mev.Sdk.Ingest.Solana.Tests.Rpc;

public sealed class SolanaRpcSourceTests : IAsyncLifetime
{
    private readonly CollectingIntake _intake = new();
    private readonly GapLedger _gaps = new();
    private readonly IngestMonitor _monitor = new();
    private FakeRpc _rpc = null!;

    public async ValueTask InitializeAsync() => _rpc = await FakeRpc.StartAsync(new FakeChain(100, 10, skipped: [103, 107]));

    public ValueTask DisposeAsync() => _rpc.DisposeAsync();

    [Fact]
    public async Task Run_of_a_range_delivers_every_block_once_in_order_and_ends()
    {
        await RunRangeAsync(100, 109);
        AssertBlocks(_intake, 100, 101, 102, 104, 105, 106, 108, 109);
        Assert.Equal(_rpc.Chain.Slots.SelectMany(slot => Enumerable.Range(0, 2).Select(index => FakeChain.Sig(slot, index))), _intake.Transactions.Select(t => t.Signature));
        Assert.Equal(Enumerable.Range(1, _intake.Records.Count).Select(n => (ulong)n), _intake.Records.Select(r => r.Position.Sequence));
        Assert.Empty(_gaps.GetGaps());
        Assert.Equal(SourceState.Ended, _monitor.GetSnapshot().Sources[0].State);
        Assert.All(_intake.Transactions, t => Assert.Equal(1_700_000_000, t.BlockTimeSeconds));
    }

    [Fact]
    public async Task Run_behind_a_crash_at_any_record_delivers_the_rest_once()
    {
        await RunRangeAsync(100, 105);
        var whole = _intake.Records;
        foreach (var kept in new[] { 1, 2, 3, 4, 7, 8, whole.Count - 1, whole.Count })
        {
            var again = _intake.Truncate(kept);
            await RunAsync(Options(100, 105), again);
            Assert.Equal(whole.Select(r => r.Frame), again.Records.Select(r => r.Frame));
            Assert.Equal(whole.Select(r => r.Position), again.Records.Select(r => r.Position));
        }
    }

    [Fact]
    public async Task Run_follows_the_tip_and_tells_finality_forks_and_skipped_slots()
    {
        _rpc.Tip = 102;
        _rpc.Final = 100;
        var options = Options(100, null);
        using var source = Source(options, _intake);
        await Wait.RunAsync(source, _intake, () =>
        {
            var blocks = _intake.Blocks.Count();
            if (blocks == 3 && _rpc.Tip == 102)
            {
                _rpc.Chain.Add(110, 108); // 109 is left behind by the chain
                _rpc.Tip = 110;
            }

            if (blocks == 9)
            {
                _rpc.Final = 110;
            }

            return _intake.Slots.Any(slot => slot.Slot == 110 && slot.Stage == SightingStage.Finalized);
        }, "slot 110 becomes final");
        Assert.Equal(SightingStage.Finalized, _intake.Blocks.First().Stage);
        Assert.Equal(SightingStage.Confirmed, _intake.Blocks.Last().Stage);
        var stages = _intake.Slots.ToDictionary(slot => slot.Slot, slot => slot.Stage);
        Assert.Equal(SightingStage.Forked, stages[109]);
        Assert.Equal(SightingStage.Dropped, stages[103]);
        Assert.Equal(SightingStage.Dropped, stages[107]);
        Assert.Equal(SightingStage.Finalized, stages[108]);
        Assert.Equal(_intake.Slots.Count(), stages.Count);
    }

    [Fact]
    public async Task Run_finds_a_block_that_the_list_leaves_out()
    {
        _rpc.Unlisted.Add(104);
        _rpc.Unlisted.Add(105);
        await RunRangeAsync(100, 109);
        AssertBlocks(_intake, 100, 101, 102, 104, 105, 106, 108, 109);
        Assert.Empty(_gaps.GetGaps());
    }

    public static TheoryData<string> Passing => ["429", "503", "500", "html", "truncated-json", "truncated-body", "unhealthy", "silence", "gzip-garbage"];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Run_gets_over_a_failure_that_passes(string failure)
    {
        var failures = 0;
        _rpc.Intercept = (context, method, slot) => method == "getBlock" && slot == 104 && Interlocked.Increment(ref failures) <= 2 ? FailAsync(context, failure) : Task.FromResult(false);
        await RunRangeAsync(100, 106);
        AssertBlocks(_intake, 100, 101, 102, 104, 105, 106);
        Assert.Equal(3, failures);
        Assert.Empty(_gaps.GetGaps());
    }

    public static TheoryData<string, string> Lasting => new()
    {
        { "gone", "cleaned up" },
        { "refused", "Invalid param" },
        { "null-transactions", "transactions are null" },
        { "redirect", "redirects elsewhere" },
        { "skipped", "was skipped" },
        { "truncated-json", "is no JSON behind byte" },
        { "null", "does not have this block" },
        { "500", "HTTP 500" },
        { "silence", "no whole answer within" },
        { "too-large", "MaxResponseBytes" },
    };

    [Theory]
    [MemberData(nameof(Lasting))]
    public async Task Run_writes_a_block_that_cannot_be_had_into_the_ledger_and_goes_on(string failure, string reason)
    {
        _rpc.Intercept = (context, method, slot) => method == "getBlock" && slot == 104 ? FailAsync(context, failure) : Task.FromResult(false);
        var options = Options(100, 106);
        options.MaxFillAttempts = 1;
        options.Connection.MaxResponseBytes = 64 << 10;
        await RunAsync(options, _intake);
        AssertBlocks(_intake, 100, 101, 102, 105, 106);
        var gap = Assert.Single(_gaps.GetGaps());
        Assert.Equal(GapState.Final, gap.State);
        Assert.Equal((104ul, 104ul), (gap.FirstSlot, gap.LastSlot));
        Assert.Contains(reason, gap.Reason, StringComparison.Ordinal);

        // The sequence that stands for the gap is given to no record.
        Assert.DoesNotContain(_intake.Records, r => r.Position.Sequence >= gap.FirstSequence && r.Position.Sequence <= gap.LastSequence);
    }

    [Fact]
    public async Task Run_fills_a_gap_later_and_heals_it()
    {
        var failures = 0;
        _rpc.Intercept = (context, method, slot) => method == "getBlock" && slot == 104 && Interlocked.Increment(ref failures) <= 3 ? FailAsync(context, "null") : Task.FromResult(false);
        var options = Options(100, 106);
        options.Connection.MaxAttempts = 3;
        await RunAsync(options, _intake);
        Assert.Equal([100ul, 101, 102, 104, 105, 106], _intake.Blocks.Select(b => b.Slot).Order().ToArray());
        Assert.Equal(GapState.Healed, Assert.Single(_gaps.GetGaps()).State);
    }

    [Fact]
    public async Task Run_counts_unreadable_transactions_as_missing_and_keeps_the_block()
    {
        _rpc.Intercept = async (context, method, slot) =>
        {
            if (method != "getBlock" || slot != 101)
            {
                return false;
            }

            var json = _rpc.Chain.BlockJson(101).Replace(Convert.ToBase64String(FakeChain.Wire(101, 1)), "gQEC", StringComparison.Ordinal);
            await FakeRpc.WriteAsync(context, $$"""{"jsonrpc":"2.0","result":{{json}},"id":1}""");
            return true;
        };
        await RunRangeAsync(100, 102);
        Assert.Equal([2u, 1u, 2u], _intake.Blocks.Select(b => b.TransactionCount));
        var gap = Assert.Single(_gaps.GetGaps());
        Assert.Equal((101ul, 1ul, GapState.Final), (gap.FirstSlot, gap.MissingRecords, gap.State));
        Assert.Contains("transaction 1", gap.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_waits_for_an_endpoint_that_does_not_answer_and_shows_no_secret()
    {
        var down = true;
        _rpc.Intercept = (context, _, _) => down ? FailAsync(context, "401-echo") : Task.FromResult(false);
        var options = Options(100, 102);
        options.Connection.Endpoint = _rpc.Url + "/secret-key-in-path?api-key=secret-in-query";
        options.Connection.Token = "secret-token";
        using var source = Source(options, _intake);
        var running = source.RunAsync(_intake, TestContext.Current.CancellationToken);
        await Wait.UntilAsync(() => _monitor.GetSnapshot().Sources[0].State == SourceState.Disconnected, "the source says that it is refused");
        var snapshot = _monitor.GetSnapshot().Sources[0];
        Assert.Contains("401", snapshot.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", snapshot.Reason + snapshot.Endpoint, StringComparison.Ordinal);
        Assert.Empty(_intake.Records);
        down = false;
        await running.WaitAsync(Wait.Long, TestContext.Current.CancellationToken);
        AssertBlocks(_intake, 100, 101, 102);
        Assert.Contains(_rpc.Asked, asked => asked.Authorization == "Bearer secret-token");
        Assert.Empty(_gaps.GetGaps());
    }

    [Fact]
    public async Task Run_below_the_nodes_ledger_writes_the_range_down_and_begins_where_it_can()
    {
        _rpc.Intercept = async (context, method, slot) =>
        {
            if (method == "getBlocks" && slot < 100)
            {
                await FakeRpc.ErrorAsync(context, -32001, "Block 90 cleaned up, does not exist on node. First available block: 100");
                return true;
            }

            return false;
        };
        await RunRangeAsync(90, 102);
        AssertBlocks(_intake, 100, 101, 102);
        var gap = Assert.Single(_gaps.GetGaps());
        Assert.Equal((90ul, 99ul, GapCause.NotRetained), (gap.FirstSlot, gap.LastSlot, gap.Cause));
    }

    [Fact]
    public async Task Run_after_a_long_absence_writes_down_what_it_does_not_catch_up()
    {
        await RunRangeAsync(100, 102);
        var options = Options(null, null);
        options.MaxCatchUpSlots = 3;
        var log = _intake.Truncate(_intake.Records.Count);
        using var source = Source(options, log);
        await Wait.RunAsync(source, log, () => log.Blocks.Any(b => b.Slot == 109), "the tip is reached");
        Assert.Equal([100ul, 101, 102, 106, 108, 109], log.Blocks.Select(b => b.Slot));
        var gap = Assert.Single(_gaps.GetGaps());
        Assert.Equal((103ul, 105ul, GapState.Final), (gap.FirstSlot, gap.LastSlot, gap.State));
    }

    [Fact]
    public void Options_that_are_wrong_are_named_all_at_once()
    {
        var options = new SolanaRpcSourceOptions { Name = " ", Commitment = ChainCommitment.Processed, PollInterval = TimeSpan.Zero, FromSlot = 5, ToSlot = 4 };
        options.Connection.Token = "a\nb";
        var error = Assert.Throws<ArgumentException>(() => new SolanaRpcSource(options));
        foreach (var key in new[] { "Name", "Connection:Endpoint", "Connection:Token", "Commitment", "PollInterval", "FromSlot" })
        {
            Assert.Contains($"Mev:Ingest:Solana:Rpc:{key}", error.Message, StringComparison.Ordinal);
        }
    }

    private SolanaRpcSourceOptions Options(ulong? from, ulong? to) => new()
    {
        FromSlot = from,
        ToSlot = to,
        PollInterval = TimeSpan.FromMilliseconds(5),
        FillInterval = TimeSpan.FromMilliseconds(10),
        Connection =
        {
            Endpoint = _rpc.Url,
            RequestsPerSecond = 10_000,
            RetryInitialDelay = TimeSpan.FromMilliseconds(1),
            RetryMaxDelay = TimeSpan.FromMilliseconds(5),
            RequestTimeout = TimeSpan.FromSeconds(1),
            MaxAttempts = 3,
        },
    };

    private SolanaRpcSource Source(SolanaRpcSourceOptions options, CollectingIntake log) => new(options, () => log, _gaps, _monitor);

    private Task RunRangeAsync(ulong from, ulong to) => RunAsync(Options(from, to), _intake);

    private async Task RunAsync(SolanaRpcSourceOptions options, CollectingIntake intake)
    {
        using var source = Source(options, intake);
        await source.RunAsync(intake, TestContext.Current.CancellationToken).WaitAsync(Wait.Long, TestContext.Current.CancellationToken);
    }

    private static void AssertBlocks(CollectingIntake intake, params ulong[] slots)
    {
        Assert.Equal(slots, intake.Blocks.Select(b => b.Slot));
        Assert.Equal(slots.Length * FakeChain.PerBlock, intake.Transactions.Select(t => t.Signature).Distinct().Count());
        Assert.Equal(slots.Length * FakeChain.PerBlock, intake.Transactions.Count());
    }

    private async Task<bool> FailAsync(HttpContext context, string failure)
    {
        switch (failure)
        {
            case "429":
                context.Response.Headers.RetryAfter = "1";
                await FakeRpc.WriteAsync(context, "slow down", 429);
                break;
            case "401-echo":
                await FakeRpc.WriteAsync(context, $"bad token in {context.Request.Path}", 401);
                break;
            case "503" or "500":
                await FakeRpc.WriteAsync(context, "oops", int.Parse(failure, CultureInfo.InvariantCulture));
                break;
            case "html":
                await FakeRpc.WriteAsync(context, "<html>gateway</html>");
                break;
            case "truncated-json":
                await FakeRpc.WriteAsync(context, """{"jsonrpc":"2.0","result":{"blockHeight":5,"transactions":[{"meta":{""");
                break;
            case "truncated-body":
                context.Response.ContentLength = 1000;
                await context.Response.WriteAsync("{\"jsonrpc\"");
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case "gzip-garbage":
                context.Response.Headers.ContentEncoding = "gzip";
                await FakeRpc.WriteAsync(context, "this is no gzip");
                break;
            case "unhealthy":
                await FakeRpc.ErrorAsync(context, -32005, "Node is behind by 42 slots");
                break;
            case "silence":
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case "gone":
                await FakeRpc.ErrorAsync(context, -32001, "Block 104 cleaned up, does not exist on node. First available block: 105");
                break;
            case "refused":
                await FakeRpc.ErrorAsync(context, -32602, "Invalid param");
                break;
            case "skipped":
                await FakeRpc.ErrorAsync(context, -32007, "Slot 104 was skipped, or missing due to ledger jump to recent snapshot");
                break;
            case "null":
                await FakeRpc.WriteAsync(context, """{"jsonrpc":"2.0","result":null,"id":1}""");
                break;
            case "null-transactions":
                await FakeRpc.WriteAsync(context, """{"jsonrpc":"2.0","result":{"parentSlot":102,"transactions":null},"id":1}""");
                break;
            case "redirect":
                context.Response.Headers.Location = "http://elsewhere.invalid/";
                await FakeRpc.WriteAsync(context, "", 307);
                break;
            case "too-large":
                await FakeRpc.WriteAsync(context, $$"""{"jsonrpc":"2.0","padding":"{{new string('x', 70_000)}}","id":1}""");
                break;
        }

        return true;
    }
}
