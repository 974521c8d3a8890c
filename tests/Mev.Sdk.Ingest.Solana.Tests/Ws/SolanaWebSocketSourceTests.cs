using System.Net.WebSockets;
using System.Text;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.Tests.Support;
using Mev.Sdk.Ingest.Solana.Ws;
using Mev.Sdk.Records;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Tests.Ws;

public sealed class SolanaWebSocketSourceTests : IAsyncLifetime
{
    private readonly FakeChain _chain = new(100, 10, skipped: [103, 107]);
    private readonly CollectingIntake _intake = new();
    private readonly GapLedger _gaps = new();
    private readonly IngestMonitor _monitor = new();
    private readonly List<Func<Func<string, Task>, CancellationToken, Task>> _scripts = [];
    private WebApplication _app = null!;
    private FakeRpc _rpc = null!;
    private int _connections;

    private string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("http", "ws", StringComparison.Ordinal);

    public async ValueTask InitializeAsync()
    {
        _rpc = await FakeRpc.StartAsync(_chain);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[4096];
            for (var i = 0; i < 3; i++)
            {
                await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted); // the subscriptions
            }

            var number = Interlocked.Increment(ref _connections) - 1;
            await _scripts[Math.Min(number, _scripts.Count - 1)](text => socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, context.RequestAborted), context.RequestAborted);
            context.Abort();
        });
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _rpc.DisposeAsync();
    }

    [Fact]
    public async Task Run_delivers_blocks_and_stages()
    {
        _scripts.Add(async (send, stop) =>
        {
            await send("""{"jsonrpc":"2.0","result":23,"id":1}""");
            foreach (var slot in _chain.Slots)
            {
                await send(SlotText(slot));
                await send(BlockText(slot));
            }

            await send("""{"jsonrpc":"2.0","method":"rootNotification","params":{"result":108,"subscription":2}}""");
            await ForeverAsync(stop);
        });
        await RunAsync(Options(), () => _intake.Slots.Any(s => s is { Slot: 108, Stage: SightingStage.Finalized }), "the root is told");
        Assert.Equal(_chain.Slots, _intake.Blocks.Select(b => b.Slot));
        Assert.Equal(_chain.Slots.Count * 2, _intake.Transactions.Count());
        Assert.Empty(_gaps.GetGaps());
        Assert.Contains(_intake.Slots, s => s.Stage == SightingStage.Processed);
    }

    [Fact]
    public async Task Run_takes_its_token_to_no_other_server()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var elsewhere = builder.Build();
        var redirects = 0;
        var strangers = 0;
        elsewhere.Map("/redirect", context =>
        {
            Interlocked.Increment(ref redirects);
            context.Response.Redirect("/stranger");
            return Task.CompletedTask;
        });
        elsewhere.Map("/stranger", context =>
        {
            Interlocked.Increment(ref strangers);
            return Task.CompletedTask;
        });
        await elsewhere.StartAsync(TestContext.Current.CancellationToken);
        var options = Options();
        options.Endpoint = elsewhere.Urls.First().Replace("http", "ws", StringComparison.Ordinal) + "/redirect";
        options.Token = "a-token-of-this-test";
        await RunAsync(options, () => Volatile.Read(ref redirects) >= 2, "it was redirected twice");
        Assert.Equal(0, strangers);
    }

    [Fact]
    public async Task Run_fills_by_RPC_what_happened_between_two_connections()
    {
        _scripts.Add(async (send, _) =>
        {
            await send(BlockText(100));
            await send(BlockText(101));
            await Wait.UntilAsync(() => _intake.Blocks.Any(b => b.Slot == 101), "the first blocks came");
        });
        _scripts.Add(async (send, stop) =>
        {
            await send(BlockText(106));
            await send(BlockText(108));
            await send(BlockText(109));
            await ForeverAsync(stop);
        });
        var options = Options();
        options.Fill.Endpoint = _rpc.Url;
        await RunAsync(options, () => _gaps.GetGaps() is [{ State: GapState.Healed, FirstSlot: 102, LastSlot: 105 }] && _intake.Blocks.Any(b => b.Slot == 109), "the gap is filled");
        Assert.Equal(_chain.Slots, _intake.Blocks.Select(b => b.Slot).Order());
        Assert.Equal(_chain.Slots.Count * 2, _intake.Transactions.Count());
        Assert.True(_monitor.GetSnapshot().Sources[0].Reconnects > 0);
    }

    [Fact]
    public async Task Run_without_RPC_writes_down_what_it_missed_and_what_it_cannot_read()
    {
        _scripts.Add(async (send, stop) =>
        {
            await send(BlockText(100));
            await send("""{"jsonrpc":"2.0","method":"blockNotification","params":{"result":{"context":{"slot":101},"value":{"slot":101,"block":null,"err":"BlockStoreError"}},"subscription":3}}""");
            await send(BlockText(104));
            await ForeverAsync(stop);
        });
        await RunAsync(Options(), () => _intake.Blocks.Any(b => b.Slot == 104), "the last block came");
        Assert.Contains(_gaps.GetGaps(), g => g.FirstSlot == 101 && g.Reason.Contains("BlockStoreError", StringComparison.Ordinal));
        Assert.Contains(_gaps.GetGaps(), g => g.LastSlot == 102);
        Assert.All(_gaps.GetGaps(), g => Assert.Equal(GapState.Final, g.State));
    }

    [Fact]
    public async Task Run_tells_a_refused_subscription_and_what_to_do()
    {
        _scripts.Add(async (send, stop) =>
        {
            await send("""{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":3}""");
            await ForeverAsync(stop);
        });
        await RunAsync(Options(), () => _monitor.GetSnapshot().Sources[0].Reason.Contains("set Blocks to false", StringComparison.Ordinal), "the refusal is told");
    }

    [Fact]
    public async Task Run_without_a_subscription_to_blocks_polls_them()
    {
        _scripts.Add(async (send, stop) =>
        {
            await send(SlotText(109));
            await send($$$"""{"jsonrpc":"2.0","method":"logsNotification","params":{"result":{"context":{"slot":110},"value":{"signature":"{{{FakeChain.Sig(110, 0)}}}","err":{"InstructionError":[2,{"Custom":6001}]},"logs":["Program log: early"]}},"subscription":4}}""");
            await ForeverAsync(stop);
        });
        _rpc.Tip = 105;
        var options = Options();
        options.Blocks = false;
        options.LogsMention = TestKit.Make.Key(1).ToString();
        options.Fill.Endpoint = _rpc.Url;
        await RunAsync(options, () =>
        {
            if (_intake.Blocks.Any())
            {
                _rpc.Tip = 109;
            }

            return _intake.Blocks.Any(b => b.Slot == 109) && _intake.Transactions.Any(t => t.Slot == 110);
        }, "the blocks came");
        Assert.Equal([105ul, 106, 108, 109], _intake.Blocks.Select(b => b.Slot));
        var early = _intake.Transactions.Single(t => t.Slot == 110);
        Assert.Equal((TransactionFlags.WireMissing | TransactionFlags.Failed, SightingStage.Processed), (early.Flags, early.Stage));
        Assert.Equal((TransactionErrorCode.InstructionError, 2, InstructionErrorCode.Custom, 6001u), (early.ErrorCode, early.ErrorInstruction, early.ErrorInstructionCode, early.ErrorCustomCode));
        var frame = _intake.Records.Select(record => record.Frame).First(bytes => TransactionView.TryRead(new Wire.RecordView(Lsn.None, bytes), out var view) && view.Record.Slot == 110);
        Assert.True(TransactionView.TryRead(new Wire.RecordView(Lsn.None, frame), out var whole));
        Assert.True(Mev.Sdk.Solana.Meta.StatusMeta.TryParse(whole.Meta, out var meta));
        Assert.Equal(6001u, meta.Error.CustomCode);
        var lines = meta.LogMessages;
        Assert.True(lines.MoveNext());
        Assert.Equal("Program log: early", System.Text.Encoding.UTF8.GetString(lines.Current));
        Assert.False(lines.MoveNext());
    }

    private static async Task ForeverAsync(CancellationToken stop) => await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);

    private string SlotText(ulong slot) => $$$"""{"jsonrpc":"2.0","method":"slotNotification","params":{"result":{"parent":{{{_chain.Parent(slot)}}},"root":70,"slot":{{{slot}}}},"subscription":1}}""";

    private string BlockText(ulong slot) => $$$"""{"jsonrpc":"2.0","method":"blockNotification","params":{"result":{"context":{"slot":{{{slot}}}},"value":{"slot":{{{slot}}},"block":{{{_chain.BlockJson(slot)}}},"err":null}},"subscription":3}}""";

    private SolanaWebSocketSourceOptions Options() => new()
    {
        Endpoint = Url,
        ReconnectInitialDelay = TimeSpan.FromMilliseconds(5),
        ReconnectMaxDelay = TimeSpan.FromMilliseconds(20),
        FillInterval = TimeSpan.FromMilliseconds(10),
        Fill = { RequestsPerSecond = 10_000, RetryInitialDelay = TimeSpan.FromMilliseconds(1), RetryMaxDelay = TimeSpan.FromMilliseconds(5) },
    };

    private async Task RunAsync(SolanaWebSocketSourceOptions options, Func<bool> until, string what)
    {
        using var source = new SolanaWebSocketSource(options, () => _intake, _gaps, _monitor);
        await Wait.RunAsync(source, _intake, until, what);
    }
}
