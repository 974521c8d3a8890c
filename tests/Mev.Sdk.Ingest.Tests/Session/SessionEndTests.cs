using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Session;

/// <summary>How a session ended is known, or the ledger says that it is not.</summary>
public sealed class SessionEndTests
{
    private const ulong Second = 0x222;
    private const ulong Third = 0x333;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_that_is_replaced_without_a_goodbye_has_an_unknown_end()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 2), Slot(3, 100));
        Assert.Empty(stand.Gaps.GetGaps());
        await stand.RunAsync(EngineBytes.Hello(session: Second, next: 2), Slot(1, 105));

        var gap = Assert.Single(stand.Gaps.GetGaps());
        Assert.Equal((EngineBytes.Session, 4UL, CoverageGap.UnknownEnd), (gap.SessionId, gap.FirstSequence, gap.LastSequence));
        Assert.Equal((GapState.Final, GapCause.EndUnknown, 0UL), (gap.State, gap.Cause, gap.MissingRecords));
        Assert.True(gap is { IsOpenEnded: true, IsExact: false, FirstSlot: 100, LastSlot: 105 });
        Assert.Equal(1, stand.Snapshot.Gaps);
        Assert.Equal((0, 0, 1), Sums(stand));

        // It lies between the last record of the one and the first of the other.
        // (The ledger's own records gather for a while, and may not all be there yet.)
        var (last, first) = (stand.Sink.All[2].Lsn, Assert.Single(stand.Sink.All, static seen => seen.Position.SessionId == Second).Lsn);
        Assert.Equal((last, first), (gap.AfterLsn, gap.BeforeLsn));
        Assert.Single(stand.Gaps.GetGapsOfLsns(last, first));
        Assert.Empty(stand.Gaps.GetGapsOfLsns(first, first.Add(50)));
        Assert.Empty(stand.Gaps.GetGapsOfSlots(106, 200));
        Assert.Single(stand.Gaps.GetGapsOfSlots(103, 103));
        Assert.Empty(stand.Gaps.GetGapsOfSlots(1, 99));
    }

    [Theory]
    [InlineData(GoodbyeCode.EndOfStream)]
    [InlineData(GoodbyeCode.ShuttingDown)]
    public async Task Session_that_said_goodbye_with_everything_delivered_has_no_entry(GoodbyeCode code)
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 3), EngineBytes.Goodbye(3, code));
        await stand.RunAsync(EngineBytes.Hello(session: Second, next: 2), EngineBytes.Record(1));
        Assert.Empty(stand.Gaps.GetGaps());
        Assert.Equal(0, stand.Gaps.GapCount);
    }

    [Theory]
    [InlineData(GoodbyeCode.Refused)]
    [InlineData(GoodbyeCode.TooSlow)]
    public async Task Goodbye_that_ends_only_the_connection_leaves_the_end_unknown(GoodbyeCode code)
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 3), EngineBytes.Goodbye(3, code));
        await stand.RunAsync(EngineBytes.Hello(session: Second, next: 2), EngineBytes.Record(1));
        Assert.True(Assert.Single(stand.Gaps.GetGaps()).IsOpenEnded);
    }

    [Fact]
    public async Task Session_that_went_on_after_its_goodbye_and_broke_has_an_unknown_end_behind_what_came()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 3), EngineBytes.Goodbye(3));
        await stand.RunAsync(EngineBytes.Hello(next: 6), EngineBytes.Records(4, 5));
        await stand.RunAsync(EngineBytes.Hello(session: Second, next: 2), EngineBytes.Record(1));
        Assert.Equal(6UL, Assert.Single(stand.Gaps.GetGaps()).FirstSequence);
    }

    [Fact]
    public async Task What_the_hello_had_told_of_is_lost_for_certain_and_only_the_rest_is_unknown()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 10), EngineBytes.Records(1, 3));
        await stand.RunAsync(EngineBytes.Hello(session: Second, next: 2), EngineBytes.Record(1));
        Assert.Equal(
            [(4UL, 9UL, GapCause.NeverMet, 6UL), (10UL, CoverageGap.UnknownEnd, GapCause.EndUnknown, 0UL)],
            stand.Gaps.GetGaps().OrderBy(gap => gap.FirstSequence).Select(gap => (gap.FirstSequence, gap.LastSequence, gap.Cause, gap.MissingRecords)));
        Assert.Equal((0, 6, 1), Sums(stand));
    }

    [Fact]
    public async Task Goodbye_before_what_the_hello_told_of_is_no_end()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 10), EngineBytes.Records(1, 3), EngineBytes.Goodbye(3));
        await stand.RunAsync(EngineBytes.Hello(session: Second, next: 2), EngineBytes.Record(1));
        Assert.Equal([4UL, 10UL], stand.Gaps.GetGaps().Select(static gap => gap.FirstSequence).Order());
    }

    [Fact]
    public async Task Session_that_is_found_again_goes_on_and_its_end_is_unknown_no_more()
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        var stand = new SessionStand(log);
        await stand.RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 3));
        await stand.RunAsync(EngineBytes.Hello(session: Second, next: 2), EngineBytes.Record(1));
        await stand.RunAsync(EngineBytes.Hello(next: 6), EngineBytes.Records(4, 5), EngineBytes.Goodbye(5));

        Assert.Equal([(EngineBytes.Session, GapState.Healed), (Second, GapState.Final)], Ends(stand));
        await Eventually.BecomesAsync(() => log.FramesOf(TemplateIds.Gap).Count == 4);
        var after = await RestartAsync(log);
        Assert.Equal([(EngineBytes.Session, GapState.Healed), (Second, GapState.Final)], Ends(after));
        await after.RunAsync(EngineBytes.Hello(session: Third, next: 2), EngineBytes.Record(1));
        Assert.Equal(1, ((ICoverage)after.Gaps).GetTotals().UnknownEnds);
    }

    [Fact]
    public async Task Unknown_end_comes_back_from_the_journal_as_it_was_and_only_once()
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        var stand = new SessionStand(log);
        await stand.RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 2), Slot(3, 100));
        await stand.RunAsync(EngineBytes.Hello(session: Second, next: 3), EngineBytes.Record(1), Slot(2, 105));
        await Eventually.BecomesAsync(() => log.FramesOf(TemplateIds.Gap).Count == 2);
        var before = Assert.Single(stand.Gaps.GetGaps());

        var after = await RestartAsync(log);

        var gap = Assert.Single(after.Gaps.GetGaps());
        Assert.Equal(before with { BeforeLsn = gap.BeforeLsn, SourceName = gap.SourceName }, gap);
        Assert.Equal((1L, 1L), (after.Gaps.GapCount, ((ICoverage)after.Gaps).GetTotals().UnknownEnds));
        Assert.Empty(after.Gaps.GetGapsOfSlots(106, 200));
        await after.RunAsync(EngineBytes.Hello(session: Second, next: 3), EngineBytes.Record(3));
        Assert.Equal(3UL, after.SubscribedFrom);
        Assert.Single(after.Gaps.GetGaps());
    }

    [Fact]
    public async Task Host_that_restarts_meanwhile_knows_from_its_journal_that_the_session_did_not_end()
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        await new SessionStand(log).RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 3));

        var after = await RestartAsync(log);
        await after.RunAsync(EngineBytes.Hello(session: Second, next: 2), EngineBytes.Record(1));

        var gap = Assert.Single(after.Gaps.GetGaps());
        Assert.Equal((EngineBytes.Session, 4UL, true, GapState.Final), (gap.SessionId, gap.FirstSequence, gap.IsOpenEnded, gap.State));
    }

    [Fact]
    public async Task Host_that_restarts_meanwhile_knows_from_its_journal_that_the_session_ended()
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        await new SessionStand(log).RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 3), EngineBytes.Goodbye(3));
        await Eventually.BecomesAsync(() => log.FramesOf(TemplateIds.Gap).Count == 1);

        var after = await RestartAsync(log);
        await after.RunAsync(EngineBytes.Hello(session: Second, next: 2), EngineBytes.Record(1));

        Assert.Empty(after.Gaps.GetGaps());
        Assert.Equal(0, after.Gaps.GapCount);
    }

    [Fact]
    public async Task Goodbye_that_was_not_durable_is_none()
    {
        var log = new MemoryLog();
        await new SessionStand(log).RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 3), EngineBytes.Goodbye(3));
        await Eventually.BecomesAsync(() => log.FramesOf(TemplateIds.Gap).Count == 1);
        log.Commit(3);

        var after = await RestartAsync(log);
        await after.RunAsync(EngineBytes.Hello(session: Second, next: 2), EngineBytes.Record(1));

        Assert.Equal(4UL, Assert.Single(after.Gaps.GetGaps()).FirstSequence);
    }

    [Fact]
    public async Task Ended_session_of_which_the_log_lost_the_end_lacks_exactly_that()
    {
        // The engine's word that record 5 was the last is durable, the ledger's entry of 4 and 5 is not: the log was damaged, or its lane was full.
        var log = new MemoryLog { IsCommittingAtOnce = true };
        var stand = new SessionStand(log);
        await stand.RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 3));
        stand.Gaps.End(stand.Context.SourceId, EngineBytes.Session, 6);
        await Eventually.BecomesAsync(() => log.FramesOf(TemplateIds.Gap).Count == 1);

        var after = await RestartAsync(log);
        await after.RunAsync(EngineBytes.Hello(session: Second, next: 2), EngineBytes.Record(1));

        var gap = Assert.Single(after.Gaps.GetGaps());
        Assert.Equal((4UL, 5UL, GapState.Final, GapCause.NeverMet), (gap.FirstSequence, gap.LastSequence, gap.State, gap.Cause));
    }

    [Fact]
    public async Task Records_behind_a_journaled_unknown_end_take_it_back()
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        var stand = new SessionStand(log);
        await stand.RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 3));
        stand.Gaps.Add("engine", EngineBytes.Session, 3, CoverageGap.UnknownEnd, GapState.Final, "given up too early.");
        await Eventually.BecomesAsync(() => log.FramesOf(TemplateIds.Gap).Count == 1);

        Assert.Equal([(EngineBytes.Session, GapState.Healed)], Ends(await RestartAsync(log)));
    }

    [Fact]
    public async Task Unknown_end_is_in_the_log_before_the_first_record_of_the_session_that_follows()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 2), EngineBytes.Record(1));
        await stand.RunAsync(EngineBytes.Hello(session: Second, next: 2), EngineBytes.Record(1));
        Assert.Equal([TemplateIds.Metric, TemplateIds.Gap, TemplateIds.Metric], stand.Sink.All.Select(static seen => seen.Template));
    }

    [Fact]
    public async Task Engine_that_is_started_again_and_again_and_ends_well_leaves_nothing_behind()
    {
        var stand = new SessionStand(time: new FakeTimeProvider());
        for (var session = 1UL; session <= 200; session++)
        {
            await stand.RunAsync(EngineBytes.Hello(session: session, next: 2), EngineBytes.Record(1), EngineBytes.Goodbye(1));
        }

        Assert.Equal(1, stand.Gaps.SessionCount);
        Assert.Equal(0, stand.Gaps.GapCount);
    }

    [Fact]
    public async Task Restart_remembers_of_all_sessions_that_ended_well_only_the_newest_of_a_source()
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        var stand = new SessionStand(log);
        for (var session = 1UL; session <= 50; session++)
        {
            await stand.RunAsync(EngineBytes.Hello(session: session, next: 4), EngineBytes.Records(1, 3), EngineBytes.Goodbye(3));
        }

        await Eventually.BecomesAsync(() => log.FramesOf(TemplateIds.Gap).Count == 50);
        var after = await RestartAsync(log);
        Assert.Equal(1, after.Gaps.SessionCount);

        // And it is the one that counts.
        await after.RunAsync(EngineBytes.Hello(session: 51, next: 2), EngineBytes.Record(1));
        Assert.Equal(0, after.Gaps.GapCount);
    }

    private static (long, long, long) Sums(SessionStand stand)
    {
        var totals = ((ICoverage)stand.Gaps).GetTotals();
        Assert.Equal(CoverageTotals.Of(stand.Gaps.GetGaps()) with { LastLossAt = totals.LastLossAt }, totals);
        return (totals.OpenRecords, totals.FinalRecords, totals.UnknownEnds);
    }

    private static IEnumerable<(ulong, GapState)> Ends(SessionStand stand) =>
        stand.Gaps.GetGaps().Where(static gap => gap.IsOpenEnded).OrderByDescending(static gap => gap.SessionId).Select(static gap => (gap.SessionId, gap.State));

    private static async Task<SessionStand> RestartAsync(MemoryLog log)
    {
        log = log.Crash();
        var stand = new SessionStand(log);
        stand.Gaps.Register("engine");
        await stand.Gaps.RestoreAsync(log, Token);
        return stand;
    }

    private static byte[] Slot(ulong sequence, ulong slot)
    {
        var frame = new byte[SlotView.GetFrameLength()];
        SlotView.Write(frame, 0, new SlotRecord { Slot = slot });
        FrameWriter.Stamp(frame, sequence, 0);
        return frame;
    }
}
