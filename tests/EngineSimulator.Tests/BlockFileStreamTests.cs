using System.Runtime.InteropServices;
using Mev.Sdk;
using Mev.Sdk.Records;
using Mev.Sdk.Solana.Transactions;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace EngineSimulator.Tests;

public sealed class BlockFileStreamTests
{
    [Fact]
    public async Task A_file_is_streamed_once_as_the_real_chain_and_ends_with_a_goodbye()
    {
        using var folder = new BlockFolder();
        var file = folder.Add(500, transactions: 7);
        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { Path = file });
        using var host = await Subscriber.ConnectAsync(engine.LocalEndPoint);
        Assert.Equal(StreamFlags.Replays, host.Hello.Flags);
        var frames = await host.ReadToGoodbyeAsync();
        Assert.Equal(9, frames.Count);
        Assert.Equal(GoodbyeCode.EndOfStream, MemoryMarshal.Read<GoodbyeMessage>(frames[^1].AsSpan(FrameHeader.Size)).Code);
        host.Dispose();
        await engine.Completion;
        Assert.Equal(7, engine.TransactionsPublished);
    }

    [Fact]
    public async Task A_folder_is_streamed_in_the_order_of_its_names()
    {
        using var folder = new BlockFolder();
        folder.Add(502, transactions: 1);
        folder.Add(500, transactions: 2);
        folder.Add(501, transactions: 3);
        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { Path = folder.Path, TransactionsPerSecond = 0 });
        using var host = await Subscriber.ConnectAsync(engine.LocalEndPoint);
        var slots = (await host.ReadToGoodbyeAsync()).Where(frame => Subscriber.TemplateOf(frame) == TemplateIds.Block)
            .Select(frame => MemoryMarshal.Read<BlockRecord>(frame.AsSpan(FrameHeader.Size)).Slot);
        Assert.Equal([500UL, 501UL, 502UL], slots);
    }

    [Fact]
    public async Task Each_pass_of_a_loop_has_signatures_and_slots_of_its_own_in_record_and_wire()
    {
        using var folder = new BlockFolder();
        folder.Add(500, transactions: 5);
        folder.Add(503, transactions: 5);
        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { Path = folder.Path, TransactionsPerSecond = 0, Loop = true, Seed = 1 });
        using var host = await Subscriber.ConnectAsync(engine.LocalEndPoint);
        Assert.Equal(StreamFlags.Simulated | StreamFlags.Replays, host.Hello.Flags);
        HashSet<Signature> signatures = [];
        List<ulong> slots = [];
        while (signatures.Count < 40)
        {
            var frame = await host.ReadAsync();
            if (BlockView.TryRead(new RecordView(Lsn.None, frame), out var block))
            {
                slots.Add(block.Record.Slot);
            }
            else if (TransactionView.TryRead(new RecordView(Lsn.None, frame), out var view))
            {
                Assert.True(signatures.Add(view.Record.Signature));
                Assert.Equal(slots[^1], view.Record.Slot);
                Assert.True(view.Record.Flags.HasFlag(TransactionFlags.Simulated));
                Assert.True(WireTransaction.TryParse(view.Wire, out var wire, out _));
                Assert.Equal(view.Record.Signature, wire.Signatures[0]);
            }
        }

        Assert.Equal([500UL, 503, 504, 507, 508, 511, 512, 515], slots.Take(8));
    }

    [Fact]
    public async Task The_real_block_arrives_whole()
    {
        if (ChainData.File("solana/block-285000037.json") is not { } file)
        {
            Assert.Skip(ChainData.MissingReason);
            return;
        }

        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { Path = file, TransactionsPerSecond = 0 });
        using var host = await Subscriber.ConnectAsync(engine.LocalEndPoint);
        var frames = await host.ReadToGoodbyeAsync();
        Assert.Equal(557, frames.Count(frame => Subscriber.TemplateOf(frame) == TemplateIds.Transaction));
    }

    [Fact]
    public void A_missing_file_and_an_empty_folder_are_named()
    {
        using var folder = new BlockFolder();
        var missing = Path.Combine(folder.Path, "none.json");
        Assert.Contains(missing, Fault(missing), StringComparison.Ordinal);
        Assert.Contains(folder.Path, Fault(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_named_with_the_place_where_it_ends()
    {
        using var folder = new BlockFolder();
        var file = folder.Add(500, transactions: 3);
        File.WriteAllText(file, File.ReadAllText(file)[..400]);
        var fault = Fault(file);
        Assert.Contains("block-500.json", fault, StringComparison.Ordinal);
        Assert.Contains("byte 400", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_something_else_is_named()
    {
        using var folder = new BlockFolder();
        var file = Path.Combine(folder.Path, "weather.json");
        File.WriteAllText(file, """{"temperature": 21}""");
        Assert.Contains("weather.json", Fault(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_file_that_is_broken_ends_the_stream_with_its_name()
    {
        using var folder = new BlockFolder();
        folder.Add(500, transactions: 3);
        File.WriteAllText(Path.Combine(folder.Path, "block-501.json"), "{");
        await using var engine = SimulatorEngine.Start(new SimulatorEngineOptions { Path = folder.Path, TransactionsPerSecond = 0 });
        using (var host = await Subscriber.ConnectAsync(engine.LocalEndPoint))
        {
            var frames = await host.ReadToGoodbyeAsync();
            Assert.Equal(3, frames.Count(frame => Subscriber.TemplateOf(frame) == TemplateIds.Transaction));
        }

        var exception = await Assert.ThrowsAsync<SimulatorEngineException>(() => engine.Completion);
        Assert.Contains("block-501.json", exception.Message, StringComparison.Ordinal);
    }

    private static string Fault(string path) =>
        Assert.Throws<SimulatorEngineException>(() => SimulatorEngine.Start(new SimulatorEngineOptions { Path = path })).Message;
}
