using Mev.Sdk;
using Mev.Sdk.Records;
using Mev.Sdk.Simulation;
using Mev.Sdk.Wire;

namespace EngineSimulator.Tests;

public sealed class MarketStreamTests
{
    [Fact]
    public async Task A_host_gets_blocks_transactions_and_opportunities_and_hears_that_they_are_simulated()
    {
        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 0 });
        using var host = await Subscriber.ConnectAsync(engine.LocalEndPoint);
        Assert.True(host.Hello.Flags.HasFlag(StreamFlags.Simulated | StreamFlags.TakesParameters));
        Assert.True(engine.IsSimulated);
        var counts = new int[TemplateIds.FirstSession];
        for (var sequence = 1UL; sequence <= 2_000; sequence++)
        {
            var frame = await host.ReadAsync();
            var header = new RecordView(Lsn.None, frame).Header;
            Assert.Equal(sequence, header.Sequence);
            Assert.NotEqual(0UL, header.EngineTimeNanoseconds);
            counts[header.TemplateId]++;
        }

        Assert.True(counts[TemplateIds.Strategy] > 0);
        Assert.True(counts[TemplateIds.Block] > 0 && counts[TemplateIds.Opportunity] > 0 && counts[TemplateIds.Outcome] > 0);
        Assert.True(counts[TemplateIds.Transaction] > 1_000);
    }

    [Fact]
    public async Task Nothing_is_published_before_the_first_subscriber()
    {
        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 0 });
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(0, engine.TransactionsPublished);
    }

    [Fact]
    public async Task A_pinned_seed_and_slot_give_the_markets_own_bytes()
    {
        var options = new MarketOptions { Seed = 3, TransactionsPerSlot = 20 };
        using var market = new SimulatedMarket(options);
        var expected = new System.Buffers.ArrayBufferWriter<byte>();
        market.WriteSlot(expected);
        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions
        {
            TransactionsPerSecond = 0,
            Seed = 3,
            ConfigureMarket = configured =>
            {
                configured.TransactionsPerSlot = options.TransactionsPerSlot;
                configured.StartSlot = options.StartSlot;
                configured.StartTime = options.StartTime;
            },
        });
        using var host = await Subscriber.ConnectAsync(engine.LocalEndPoint);
        var rest = expected.WrittenMemory;
        while (!rest.IsEmpty)
        {
            var frame = await host.ReadAsync();
            Assert.True(rest.Span[FrameHeader.Size..frame.Length].SequenceEqual(frame.AsSpan(FrameHeader.Size)));
            rest = rest[frame.Length..];
        }
    }

    [Fact]
    public async Task A_rate_is_kept_over_some_slots_and_not_sent_in_bursts()
    {
        // No bound on time: at 200 a second the engine must not have published a thousand by the time a few slots have passed.
        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 200 });
        using var host = await Subscriber.ConnectAsync(engine.LocalEndPoint);
        var last = 0UL;
        var steps = 0;
        for (var i = 0; i < 150; i++)
        {
            var time = new RecordView(Lsn.None, await host.ReadAsync()).Header.EngineTimeNanoseconds;
            Assert.True(time >= last);
            steps += time > last ? 1 : 0;
            last = time;
        }

        // A burst a slot would leave three moments; spread out, most groups of a few milliseconds differ.
        Assert.True(steps > 20, $"{steps} different moments");
    }

    [Fact]
    public async Task A_stopped_engine_says_goodbye()
    {
        var engine = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 100 });
        using var host = await Subscriber.ConnectAsync(engine.LocalEndPoint);
        await host.ReadAsync();
        var stopping = engine.DisposeAsync();
        var frames = await host.ReadToGoodbyeAsync();
        Assert.Equal(GoodbyeCode.ShuttingDown, System.Runtime.InteropServices.MemoryMarshal.Read<GoodbyeMessage>(frames[^1].AsSpan(FrameHeader.Size)).Code);
        host.Dispose();
        await stopping;
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task A_later_start_trades_the_same_tokens_with_other_signatures()
    {
        var first = await SampleAsync(300_000_000);
        var second = await SampleAsync(300_000_500);
        Assert.NotEmpty(first.Pools.Intersect(second.Pools));
        Assert.Empty(first.Signatures.Intersect(second.Signatures));

        static async Task<(HashSet<Pubkey> Pools, HashSet<Signature> Signatures)> SampleAsync(ulong slot)
        {
            await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 0, ConfigureMarket = market => market.StartSlot = slot });
            using var host = await Subscriber.ConnectAsync(engine.LocalEndPoint);
            HashSet<Pubkey> pools = [];
            HashSet<Signature> signatures = [];
            while (signatures.Count < 300)
            {
                var frame = await host.ReadAsync();
                if (TransactionView.TryRead(new RecordView(Lsn.None, frame), out var view))
                {
                    signatures.Add(view.Record.Signature);
                }
                else if (OpportunityView.TryRead(new RecordView(Lsn.None, frame), out var opportunity))
                {
                    pools.Add(opportunity.Record.Pool);
                }
            }

            return (pools, signatures);
        }
    }
}
