using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Session;

/// <summary>The log's thread and the session's meet in every order; the engine hears of what is durable without another record.</summary>
public sealed class AckRaceTests
{
    [Fact]
    public async Task Log_that_commits_within_the_intakes_write_of_healed_records_has_them_acknowledged()
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            await stream.WriteAsync(EngineBytes.Hello(next: 10, flags: StreamFlags.Replays));
            await stream.WriteAsync(Frames.Concat(EngineBytes.Records(1, 3), EngineBytes.Records(6, 9)));
            await Eventually.BecomesAsync(() => log.SequencesOf(EngineBytes.Session).Count == 7);
            await stream.WriteAsync(EngineBytes.Records(4, 5));
        });
        await using var host = new Stand(engine.Endpoint, log: log);

        // The healed ones are durable before the session knows that they were taken, and nothing of the session follows.
        await Eventually.BecomesAsync(() => engine.Acks.Contains(9UL), () => $"acknowledged: {string.Join(", ", engine.Acks)}");
        Assert.Equal([1, 2, 3, 6, 7, 8, 9, 4, 5], host.Sink.Numbers);
        Assert.All(engine.Acks, sequence => Assert.True(sequence is <= 3 or 9, $"{sequence} was acknowledged while 4 and 5 were missing"));
    }

    [Fact]
    public async Task Commit_that_names_no_stream_frees_what_was_held_back()
    {
        var log = new MemoryLog();
        await using var engine = new FakeEngine(async (_, stream) =>
        {
            await stream.WriteAsync(EngineBytes.Hello(next: 10, flags: StreamFlags.Replays));
            await stream.WriteAsync(Frames.Concat(EngineBytes.Records(1, 3), EngineBytes.Records(6, 9)));
            await Eventually.BecomesAsync(() => log.SequencesOf(EngineBytes.Session).Count == 7);
            await stream.WriteAsync(EngineBytes.Records(4, 5));
        });
        await using var host = new Stand(engine.Endpoint, log: log);
        await Eventually.BecomesAsync(() => host.Gaps is { OpenCount: 0, GapCount: 1 });
        host.Source.OnDurable(host.Sink.All.Single(static seen => seen.Number == 9).Lsn, [new StreamPosition(host.Source.SourceId, EngineBytes.Session, 9)]);
        await Eventually.BecomesAsync(() => engine.Acks.Contains(3UL), () => $"acknowledged: {string.Join(", ", engine.Acks)}");

        host.Source.OnDurable(host.Sink.All[^1].Lsn, []);

        await Eventually.BecomesAsync(() => engine.Acks.Contains(9UL), () => $"acknowledged: {string.Join(", ", engine.Acks)}");
    }

    [Theory]
    [InlineData(19UL, 3UL)]
    [InlineData(20UL, ulong.MaxValue - 1)]
    [InlineData(25UL, ulong.MaxValue - 1)]
    public void AddHealing_behind_a_commit_holds_back_only_what_it_did_not_hold(ulong durable, ulong limit)
    {
        var gate = new AckGate();
        gate.OnDurable(new Lsn(durable));
        gate.OnDurable(new Lsn(5));
        gate.AddHealing(4, new Lsn(20));
        Assert.Equal(limit, gate.Limit);
        gate.OnDurable(new Lsn(20));
        Assert.Equal(ulong.MaxValue - 1, gate.Limit);
    }
}
