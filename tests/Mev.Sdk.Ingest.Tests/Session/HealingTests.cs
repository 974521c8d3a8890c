using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Session;

/// <summary>The whole path: publisher, socket that loses records, source, sequencer, log that is killed; each record once, or in the ledger.</summary>
public sealed class HealingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Records_lost_on_the_way_come_after_all_and_each_once(int seed)
    {
        const int Count = 5000;
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { HeartbeatInterval = TimeSpan.FromMilliseconds(50) });
        await using var proxy = new LossyProxy(engine.LocalEndPoint, seed, perMille: 20);
        await using var host = new Stand(proxy.Endpoint, options => options.ReplayTimeout = TimeSpan.FromMilliseconds(300));
        await engine.WaitForSubscriberAsync(Token);
        for (var i = 0; i < Count; i += 100)
        {
            await engine.PublishAsync(Frames.Many(i + 1, 100), Token);
        }

        await Eventually.BecomesAsync(
            () => host.Gaps.OpenCount == 0 && (ulong)host.Sink.Numbers.Count + Lost(host.Gaps) == Count,
            () => $"{host.Sink.Numbers.Count} came, {Lost(host.Gaps)} are lost, {host.Gaps.OpenCount} gaps are open");

        // Replays are lost too, by the same proxy: those are final, and nothing is both there and missing.
        Assert.True(proxy.Lost > 0 && host.Snapshot.Replayed > 0);
        CheckOnce(host.Sink.Numbers.Select(number => (ulong)number), host.Gaps, Count);
    }

    [Fact]
    public async Task Host_that_is_killed_again_and_again_keeps_each_record_once_or_in_its_ledger()
    {
        const int Count = 4000;
        var random = new Random(20260727);
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions { HeartbeatInterval = TimeSpan.FromMilliseconds(50) });
        await using var proxy = new LossyProxy(engine.LocalEndPoint, seed: 3, perMille: 10);
        var log = new MemoryLog();
        for (var i = 0; i < Count; i += 100)
        {
            await engine.PublishAsync(Frames.Many(i + 1, 100), Token);
        }

        for (var life = 0; life < 6; life++)
        {
            var wanted = log.Count + random.Next(200, 900);
            await using (var host = new Stand(proxy.Endpoint, Fast, log))
            {
                await Eventually.BecomesAsync(() => log.Count >= wanted || log.SequencesOf(engine.SessionId).Count == Count);
                log.Commit(random.Next(100, 1200));
            }

            log = log.Crash();
        }

        log.IsCommittingAtOnce = true;
        await using var last = new Stand(proxy.Endpoint, Fast, log);
        await Eventually.BecomesAsync(
            () => last.Gaps.OpenCount == 0 && (ulong)log.SequencesOf(engine.SessionId).Count + Lost(last.Gaps) == Count,
            () => $"{log.SequencesOf(engine.SessionId).Count} are kept, {Lost(last.Gaps)} are lost, {last.Gaps.OpenCount} gaps are open");
        CheckOnce(log.SequencesOf(engine.SessionId), last.Gaps, Count);

        // Nothing holds the acknowledgement back any more.
        await Eventually.BecomesAsync(() => engine.AcknowledgedSequence == Count, () => $"acknowledged {engine.AcknowledgedSequence}");

        static void Fast(EngineSourceOptions options) => options.ReplayTimeout = TimeSpan.FromMilliseconds(300);
    }

    [Fact]
    public async Task Acknowledgement_waits_for_what_may_yet_be_replayed_and_for_replays_to_be_durable()
    {
        var log = new MemoryLog();
        var stand = new SessionStand(log);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(EngineBytes.Hello(next: 9, flags: StreamFlags.Replays), EngineBytes.Records(1, 3), EngineBytes.Records(6, 9));
        await talk.HearRequestAsync();
        await stand.Sink.WaitForAsync(7);
        Durable(9);
        Assert.Equal(3UL, Acked(await talk.HearAsync(TemplateIds.Ack)));

        await talk.SayAsync(EngineBytes.Records(4, 5));
        await Eventually.BecomesAsync(() => stand.Gaps.OpenCount == 0);
        talk.Session.Acknowledge(9);
        Assert.Single(talk.Heard(TemplateIds.Ack));

        Durable(9);
        Assert.Equal(9UL, Acked(await talk.HearAsync(TemplateIds.Ack, 1)));

        void Durable(ulong sequence)
        {
            log.Commit();
            stand.Context.Progress.Acks.OnDurable(log.DurableLsn);
            talk.Session.Acknowledge(sequence);
        }
    }

    [Fact]
    public async Task Restart_with_a_healed_gap_whose_record_was_lost_asks_for_nothing_and_takes_nothing_twice()
    {
        var log = new MemoryLog();
        var stand = new SessionStand(log);
        await using (var talk = new SessionTalk(stand))
        {
            await talk.SayAsync(EngineBytes.Hello(next: 9, flags: StreamFlags.Replays), EngineBytes.Records(1, 3), EngineBytes.Records(6, 9));
            await talk.HearRequestAsync();
            await talk.SayAsync(EngineBytes.Records(4, 5));
            await Eventually.BecomesAsync(() => log.FramesOf(TemplateIds.Gap).Count == 2);
        }

        // The last record is the one that says "healed": it alone is lost.
        log.Commit(log.Count - 1);
        var after = new SessionStand(log = log.Crash());
        Assert.Single(log.FramesOf(TemplateIds.Gap));
        await after.Gaps.RestoreAsync(log, TestContext.Current.CancellationToken);
        var gap = Assert.Single(after.Gaps.GetGaps());
        Assert.Equal((4UL, 5UL, GapState.Healed), (gap.FirstSequence, gap.LastSequence, gap.State));

        await using var again = new SessionTalk(after);
        await again.SayAsync(EngineBytes.Hello(next: 10, flags: StreamFlags.Replays), EngineBytes.Records(4, 5), EngineBytes.Record(10));
        await after.Sink.WaitForAsync(1);
        Assert.Equal([10], after.Sink.Numbers);
        Assert.Empty(again.Heard(TemplateIds.ReplayRequest));
        await Eventually.BecomesAsync(() => log.FramesOf(TemplateIds.Gap).Count == 2);
    }

    [Fact]
    public async Task Restart_finds_a_hole_that_no_record_speaks_of_and_has_it_healed()
    {
        var log = await LogOfAsync([1, 2, 3, 7, 8]);
        var stand = new SessionStand(log);
        await stand.Gaps.RestoreAsync(log, TestContext.Current.CancellationToken);
        await stand.Gaps.RestoreAsync(log, TestContext.Current.CancellationToken);
        Assert.Equal(1, stand.Gaps.GapCount);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(EngineBytes.Hello(next: 9, flags: StreamFlags.Replays));
        Assert.Equal((4UL, 6UL), await talk.HearRequestAsync());
        await talk.SayAsync(EngineBytes.Records(3, 9));
        await stand.Sink.WaitForAsync(4);
        Assert.Equal([4, 5, 6, 9], stand.Sink.Numbers);
        Assert.Equal(GapState.Healed, Assert.Single(stand.Gaps.GetGaps()).State);
        Assert.Contains("found when the host started", stand.Gaps.GetGaps()[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_remembers_what_was_given_up_and_does_not_ask_again()
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        var before = new SessionStand(log);
        await before.RunAsync(
            EngineBytes.Hello(next: 9, flags: StreamFlags.Replays),
            EngineBytes.Record(1),
            Internal.SessionFrames.GapNotice(EngineBytes.Session, 2, 4, GapCause.Dropped, 4, 0),
            EngineBytes.Record(5),
            Internal.SessionFrames.GapNotice(EngineBytes.Session, 6, 8, GapCause.Dropped, 8, 0));
        await Eventually.BecomesAsync(() => log.FramesOf(TemplateIds.Gap).Count == 2);

        var stand = new SessionStand(log = log.Crash());
        await stand.Gaps.RestoreAsync(log, TestContext.Current.CancellationToken);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(EngineBytes.Hello(next: 9, flags: StreamFlags.Replays), EngineBytes.Record(9));
        await stand.Sink.WaitForAsync(1);
        Assert.Equal(9UL, stand.SubscribedFrom);
        Assert.Empty(talk.Heard(TemplateIds.ReplayRequest));
        Assert.Equal([GapState.Final, GapState.Final], stand.Gaps.GetGaps().Select(gap => gap.State));
        Assert.All(stand.Gaps.GetGaps(), gap => Assert.Equal(GapCause.Dropped, gap.Cause));
        Assert.Equal(2, stand.Gaps.GapCount);
    }

    [Fact]
    public async Task Restart_behind_a_restarted_engine_makes_what_was_open_final()
    {
        var log = await LogOfAsync([1, 2, 5]);
        var stand = new SessionStand(log);
        await stand.Gaps.RestoreAsync(log, TestContext.Current.CancellationToken);
        await stand.RunAsync(EngineBytes.Hello(session: 99, first: 4, next: 9, flags: StreamFlags.Replays));
        Assert.Equal(
            [
                (EngineBytes.Session, 3UL, 4UL, GapCause.NeverMet),
                (EngineBytes.Session, 6UL, CoverageGap.UnknownEnd, GapCause.EndUnknown),
                (99UL, 1UL, 3UL, GapCause.NotRetained),
            ],
            stand.Gaps.GetGaps().OrderByDescending(gap => gap.SessionId).ThenBy(gap => gap.FirstSequence).Select(gap => (gap.SessionId, gap.FirstSequence, gap.LastSequence, gap.Cause)));
        Assert.Equal(0, stand.Gaps.OpenCount);
    }

    [Fact]
    public async Task Restart_with_an_open_tail_has_it_streamed_and_healed()
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        await new SessionStand(log).RunAsync(EngineBytes.Hello(next: 9, flags: StreamFlags.Replays), EngineBytes.Records(1, 2), EngineBytes.Heartbeat(5));
        await Eventually.BecomesAsync(() => log.FramesOf(TemplateIds.Gap).Count == 1);

        var stand = new SessionStand(log = log.Crash());
        await stand.Gaps.RestoreAsync(log, TestContext.Current.CancellationToken);
        await stand.RunAsync(EngineBytes.Hello(next: 9, flags: StreamFlags.Replays), EngineBytes.Records(3, 6));
        Assert.Equal([3, 4, 5, 6], stand.Sink.Numbers);
        var gap = Assert.Single(stand.Gaps.GetGaps());
        Assert.Equal((3UL, 5UL, GapState.Healed), (gap.FirstSequence, gap.LastSequence, gap.State));
    }

    [Fact]
    public async Task Flood_of_gaps_writes_less_than_it_receives_and_stays_bounded()
    {
        var log = new MemoryLog();
        var stand = new SessionStand(log);
        var received = 0L;
        var pieces = new List<byte[]> { EngineBytes.Hello(next: 9, flags: StreamFlags.Replays) };
        for (var i = 1UL; i <= 20_000; i++)
        {
            pieces.Add(EngineBytes.Record(i * 2));
            received += pieces[^1].Length;
        }

        await stand.RunAsync([.. pieces]);
        var written = log.FramesOf(TemplateIds.Gap).Sum(frame => frame.Length);
        Assert.InRange(written, 1, (64 << 10) + (received / 4) + (60 * (16 << 10)));
        Assert.Equal(20_000, stand.Gaps.GapCount);
        Assert.True(stand.Context.Progress.Holes.Ranges.Count <= ReplayDesk.MaxHoles);
        Assert.Equal(20_000UL, stand.Gaps.GetGaps().Aggregate(0UL, (sum, gap) => sum + gap.MissingRecords));
    }

    private static async Task<MemoryLog> LogOfAsync(ulong[] sequences)
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        var lsn = 1UL;
        foreach (var sequence in sequences)
        {
            await log.WriteAsync(RecordBatch.Borrow([EngineBytes.Record(sequence)], 1, new StreamPosition(SourceIds.FromName("engine"), EngineBytes.Session, sequence), new Lsn(lsn++)));
        }

        return log;
    }

    private static ulong Acked(byte[] frame) => Internal.SessionFrames.TryRead<AckMessage>(frame, out var ack) ? ack.DurableSequence : 0;

    private static ulong Lost(ICoverage gaps) =>
        gaps.GetGaps().Where(gap => gap.State == GapState.Final).Aggregate(0UL, (sum, gap) => sum + gap.LastSequence - gap.FirstSequence + 1);

    private static void CheckOnce(IEnumerable<ulong> kept, ICoverage gaps, ulong count)
    {
        var seen = new HashSet<ulong>();
        foreach (var sequence in kept)
        {
            Assert.True(seen.Add(sequence), $"{sequence} is there twice");
        }

        foreach (var gap in gaps.GetGaps().Where(gap => gap.State == GapState.Final))
        {
            foreach (var sequence in EngineBytes.Range(gap.FirstSequence, gap.LastSequence))
            {
                Assert.True(seen.Add(sequence), $"{sequence} is there, and lost");
            }
        }

        Assert.Equal(EngineBytes.Range(1, count), seen.Order());
    }
}
