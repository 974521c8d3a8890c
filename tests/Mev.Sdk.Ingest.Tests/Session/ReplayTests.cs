using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Session;

/// <summary>What is missing is asked for again, comes once, and the ledger says what became of it.</summary>
public sealed class ReplayTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 7, 27, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Jump_is_asked_for_and_healed_once_the_intake_has_it()
    {
        var stand = new SessionStand(time: _time);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello(next: 9), EngineBytes.Records(1, 3), EngineBytes.Record(7));
        Assert.Equal((4UL, 6UL), await talk.HearRequestAsync());
        Assert.Equal(GapState.Open, Assert.Single(stand.Gaps.GetGaps()).State);

        await talk.SayAsync(EngineBytes.Record(8), EngineBytes.Records(4, 5), EngineBytes.Record(9), EngineBytes.Record(6), EngineBytes.Record(10));

        await stand.Sink.WaitForAsync(10);
        await GapsAsync(stand, (4, 6, GapState.Healed));
        Assert.Equal([1, 2, 3, 7, 8, 4, 5, 9, 6, 10], stand.Sink.Numbers);
        Assert.Equal((3L, 0L, 1L), (stand.Snapshot.Replayed, stand.Snapshot.Duplicates, stand.Gaps.GapCount));
        Assert.Equal(10UL, stand.Snapshot.LastSequence);

        // The record that says "healed" stands behind the records themselves.
        await Eventually.BecomesAsync(() => stand.Sink.All.Count(seen => seen.Template == TemplateIds.Gap) == 2);
        Assert.True(stand.Sink.All.Last(seen => seen.Template == TemplateIds.Gap).Lsn > stand.Sink.All.Single(seen => seen.Number == 6).Lsn);
    }

    [Fact]
    public async Task Replay_sent_twice_backwards_and_mixed_is_delivered_once()
    {
        var stand = new SessionStand(time: _time);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello(next: 20), EngineBytes.Record(1), EngineBytes.Record(10));
        await talk.HearRequestAsync();
        ulong[] order = [9, 9, 8, 2, 3, 3, 2, 11, 4, 10, 8, 7, 6, 12, 5, 5, 9, 1, 2, 13];
        await talk.SayAsync([Frames.Concat([.. order.Select(EngineBytes.Record)])]);

        await stand.Sink.WaitForAsync(13);
        Assert.Equal(Enumerable.Range(1, 13).Select(i => (long)i), stand.Sink.Numbers.Order());
        await GapsAsync(stand, (2, 9, GapState.Healed));
        Assert.Equal(9, stand.Snapshot.Duplicates);
    }

    [Fact]
    public async Task Records_that_nobody_asked_for_stay_duplicates()
    {
        var stand = new SessionStand(time: _time);
        await stand.RunAsync(EngineBytes.Hello(next: 9), EngineBytes.Record(1), EngineBytes.Record(5), EngineBytes.Record(3));
        Assert.Equal([1, 5], stand.Sink.Numbers);
        Assert.Equal(1, stand.Snapshot.Duplicates);
    }

    [Fact]
    public async Task Gap_notice_that_was_asked_for_ends_its_part_and_the_rest_heals()
    {
        var stand = new SessionStand(time: _time);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello(next: 9), EngineBytes.Record(1), EngineBytes.Record(8));
        await talk.HearRequestAsync();
        await talk.SayAsync(SessionFrames.GapNotice(EngineBytes.Session, 2, 4, GapCause.NotRetained, 8, 0), EngineBytes.Records(5, 7));

        await GapsAsync(stand, (2, 4, GapState.Final), (5, 7, GapState.Healed));
        Assert.Equal(GapCause.NotRetained, stand.Gaps.GetGaps()[0].Cause);
        Assert.Equal([1, 8, 5, 6, 7], stand.Sink.Numbers);
    }

    [Fact]
    public async Task Gap_notice_that_nobody_asked_for_is_final_and_the_stream_goes_on_behind_it()
    {
        var stand = new SessionStand(time: _time);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(
            Hello(next: 9), EngineBytes.Records(1, 2), SessionFrames.GapNotice(EngineBytes.Session, 3, 6, GapCause.Dropped, 6, 0), EngineBytes.Record(7));
        await stand.Sink.WaitForAsync(3);
        var gap = Assert.Single(stand.Gaps.GetGaps());
        Assert.Equal((3UL, 6UL, GapState.Final, GapCause.Dropped), (gap.FirstSequence, gap.LastSequence, gap.State, gap.Cause));
        Assert.Empty(talk.Heard(TemplateIds.ReplayRequest));
    }

    [Fact]
    public async Task Gap_notice_behind_a_jump_leaves_the_jump_open_and_ends_what_it_names()
    {
        var stand = new SessionStand(time: _time);
        await stand.RunAsync(EngineBytes.Hello(next: 9), EngineBytes.Record(1), SessionFrames.GapNotice(EngineBytes.Session, 4, 5, GapCause.Dropped, 5, 0), EngineBytes.Record(6));
        Assert.Equal(
            [(2UL, 3UL, GapState.Open), (4UL, 5UL, GapState.Final)],
            stand.Gaps.GetGaps().Select(gap => (gap.FirstSequence, gap.LastSequence, gap.State)));
    }

    [Theory]
    [InlineData(1UL, 3UL, 4UL)]
    [InlineData(EngineBytes.Session, 0UL, 4UL)]
    [InlineData(EngineBytes.Session, 4UL, 3UL)]
    [InlineData(EngineBytes.Session, 4UL, ulong.MaxValue)]
    public async Task Gap_notice_of_no_range_is_a_protocol_error(ulong session, ulong first, ulong last) =>
        await Assert.ThrowsAsync<SessionProtocolException>(() =>
            new SessionStand().RunAsync(EngineBytes.Hello(), SessionFrames.GapNotice(session, first, last, GapCause.Dropped, 0, 0)));

    [Fact]
    public async Task Heartbeat_that_counts_a_lost_tail_has_it_asked_for()
    {
        var stand = new SessionStand(time: _time);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello(next: 9), EngineBytes.Record(1), EngineBytes.Heartbeat(4));
        Assert.Equal((2UL, 4UL), await talk.HearRequestAsync());
        await talk.SayAsync(EngineBytes.Records(2, 4));
        await GapsAsync(stand, (2, 4, GapState.Healed));
    }

    [Fact]
    public async Task Request_without_an_answer_is_given_up_after_the_timeout_and_the_next_is_asked()
    {
        var stand = new SessionStand(time: _time);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello(next: 9), EngineBytes.Record(1), EngineBytes.Record(3), EngineBytes.Records(4, 103), EngineBytes.Record(105));
        Assert.Equal((2UL, 2UL), await talk.HearRequestAsync());
        await stand.Sink.WaitForAsync(103);

        await Eventually.AdvanceUntilAsync(_time, TimeSpan.FromSeconds(1), () => talk.Heard(TemplateIds.ReplayRequest).Length == 2);

        Assert.Equal((104UL, 104UL), await talk.HearRequestAsync(1));
        var gap = stand.Gaps.GetGaps()[0];
        Assert.Equal((2UL, GapState.Final, GapCause.Unanswered), (gap.FirstSequence, gap.State, gap.Cause));
        Assert.Contains("did not answer within 5 s", gap.Reason, StringComparison.Ordinal);
        await talk.SayAsync(EngineBytes.Record(2), EngineBytes.Record(104));
        await GapsAsync(stand, (2, 2, GapState.Final), (104, 104, GapState.Healed));
        Assert.Equal(1, stand.Snapshot.Duplicates);
    }

    [Fact]
    public async Task Answers_that_trickle_in_keep_the_request_alive()
    {
        var stand = new SessionStand(time: _time);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello(next: 9), EngineBytes.Record(1), EngineBytes.Record(8));
        await talk.HearRequestAsync();
        for (var sequence = 2UL; sequence < 8; sequence++)
        {
            _time.Advance(TimeSpan.FromSeconds(4));
            await talk.SayAsync(EngineBytes.Record(sequence));
            await stand.Sink.WaitForAsync((int)sequence + 1);
        }

        await GapsAsync(stand, (2, 7, GapState.Healed));
    }

    [Fact]
    public async Task Engine_that_answers_nothing_is_not_waited_for_once_a_gap()
    {
        var stand = new SessionStand(time: _time);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello(next: 9), [.. Enumerable.Range(0, 20).SelectMany(i => EngineBytes.Records(1 + ((ulong)i * 101), 100 + ((ulong)i * 101)))]);
        await Eventually.AdvanceUntilAsync(_time, TimeSpan.FromSeconds(1), () => stand.Gaps.OpenCount == 0 && stand.Gaps.GapCount == 19);
        Assert.Equal(3, talk.Heard(TemplateIds.ReplayRequest).Length);
        Assert.All(stand.Gaps.GetGaps(), gap => Assert.Equal(GapCause.Unanswered, gap.Cause));
    }

    [Fact]
    public async Task Wide_gap_is_asked_for_in_pieces()
    {
        var stand = new SessionStand(time: _time);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello(next: 9), EngineBytes.Record(1), EngineBytes.Record(150_000));
        for (var i = 0; i < 3; i++)
        {
            var (first, last) = await talk.HearRequestAsync(i);
            Assert.Equal((2 + (65_536UL * (ulong)i), Math.Min(149_999, 1 + (65_536UL * (ulong)(i + 1)))), (first, last));
            await talk.SayAsync(SessionFrames.GapNotice(EngineBytes.Session, first, last, GapCause.NotRetained, 0, 0));
        }

        await Eventually.BecomesAsync(() => stand.Gaps.OpenCount == 0);
        Assert.Equal(149_998UL, stand.Gaps.GetGaps().Aggregate(0UL, (sum, gap) => sum + gap.MissingRecords));
    }

    [Fact]
    public async Task Gap_wider_than_anything_retained_that_the_engine_tells_of_is_final_at_once()
    {
        var stand = new SessionStand(time: _time);
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello(next: 9), EngineBytes.Record(1), SessionFrames.GapNotice(EngineBytes.Session, 2, 1UL << 30, GapCause.Dropped, 0, 0));
        await GapsAsync(stand, (2, 1UL << 30, GapState.Final));
        Assert.Empty(talk.Heard(TemplateIds.ReplayRequest));
    }

    [Fact]
    public async Task Break_in_the_middle_heals_what_came_and_asks_for_the_rest_on_the_next_connection()
    {
        var stand = new SessionStand(time: _time);
        await using (var talk = new SessionTalk(stand))
        {
            await talk.SayAsync(Hello(next: 9), EngineBytes.Record(1), EngineBytes.Record(8));
            await talk.HearRequestAsync();
            await talk.SayAsync(EngineBytes.Records(3, 4));
            await talk.BreakAsync();
        }

        await GapsAsync(stand, (2, 2, GapState.Open), (3, 4, GapState.Healed), (5, 7, GapState.Open));
        stand.Sent.Clear();
        await using var again = new SessionTalk(stand);
        await again.SayAsync(Hello(next: 9));
        Assert.Equal((2UL, 7UL), await again.HearRequestAsync());
        await again.SayAsync(EngineBytes.Records(2, 9));
        await GapsAsync(stand, (2, 2, GapState.Healed), (3, 4, GapState.Healed), (5, 7, GapState.Healed));
        Assert.Equal([1, 8, 3, 4, 2, 5, 6, 7, 9], stand.Sink.Numbers);
    }

    [Fact]
    public async Task Connections_that_break_over_the_same_request_again_and_again_end_it()
    {
        var stand = new SessionStand(time: _time);
        await stand.RunAsync(Hello(next: 9), EngineBytes.Record(1), EngineBytes.Record(8));
        for (var i = 0; i < 20 && stand.Gaps.OpenCount > 0; i++)
        {
            await using var talk = new SessionTalk(stand);
            await talk.SayAsync(Hello(next: 9));
            await talk.HearRequestAsync();
            await talk.BreakAsync();
            stand.Sent.Clear();
        }

        var gap = Assert.Single(stand.Gaps.GetGaps());
        Assert.Equal((GapState.Final, GapCause.Unanswered), (gap.State, gap.Cause));
        Assert.Contains("broke 8 times", gap.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_of_stream_with_something_missing_comes_back_for_it()
    {
        var stand = new SessionStand(time: _time);
        var end = await stand.RunAsync(Hello(next: 9), EngineBytes.Records(1, 2), EngineBytes.Goodbye(4));
        Assert.Equal(SessionEndKind.Goodbye, end.Kind);
        Assert.Contains("is asked for again", end.Reason, StringComparison.Ordinal);

        stand.Sent.Clear();
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(Hello(next: 5));
        Assert.Equal((3UL, 4UL), await talk.HearRequestAsync());
        await talk.SayAsync(EngineBytes.Records(3, 4), EngineBytes.Goodbye(4));
        Assert.Equal(SessionEndKind.EndOfStream, (await talk.Running).Kind);
        await GapsAsync(stand, (3, 4, GapState.Healed));
    }

    [Fact]
    public async Task New_session_makes_what_was_open_final()
    {
        var stand = new SessionStand(time: _time);
        await stand.RunAsync(Hello(next: 9), EngineBytes.Record(1), EngineBytes.Record(8));
        await stand.RunAsync(EngineBytes.Hello(session: 2, next: 1, flags: StreamFlags.Replays));
        var gap = Assert.Single(stand.Gaps.GetGaps(), static gap => gap.FirstSequence == 2);
        Assert.Equal((EngineBytes.Session, GapState.Final, GapCause.NeverMet), (gap.SessionId, gap.State, gap.Cause));
        Assert.Contains(stand.Gaps.GetGaps(), static gap => gap is { IsOpenEnded: true, FirstSequence: 9 });
        Assert.Equal(0, stand.Gaps.OpenCount);
    }

    [Fact]
    public async Task Engine_that_forgot_meanwhile_says_so_in_its_hello()
    {
        var stand = new SessionStand(time: _time);
        await stand.RunAsync(Hello(next: 9), EngineBytes.Record(1), EngineBytes.Record(8));
        stand.Sent.Clear();
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(EngineBytes.Hello(first: 5, next: 9, flags: StreamFlags.Replays));
        Assert.Equal((5UL, 7UL), await talk.HearRequestAsync());
        await talk.SayAsync(EngineBytes.Records(5, 7));
        await GapsAsync(stand, (2, 4, GapState.Final), (5, 7, GapState.Healed));
    }

    [Fact]
    public async Task Gap_knows_its_slots_and_lsns()
    {
        var stand = new SessionStand(time: _time);
        await stand.RunAsync(
            EngineBytes.Hello(next: 9), Slot(1, 100), EngineBytes.Record(2), EngineBytes.Record(5), EngineBytes.Record(6), Slot(7, 99), EngineBytes.Heartbeat(7), Slot(8, 103));

        var gap = Assert.Single(stand.Gaps.GetGaps());
        Assert.Equal((100UL, 103UL), (gap.FirstSlot, gap.LastSlot));
        Assert.Equal(stand.Sink.All.First(seen => seen.Number == 2).Lsn, gap.AfterLsn);
        Assert.True(gap.BeforeLsn > gap.AfterLsn && gap.BeforeLsn <= stand.Sink.All.First(seen => seen.Number == 5).Lsn);
        Assert.Empty(stand.Gaps.GetGapsOfSlots(1, 99));
        Assert.Single(stand.Gaps.GetGapsOfSlots(99, 100));
        Assert.Single(stand.Gaps.GetGapsOfSlots(103, 200));
        Assert.Empty(stand.Gaps.GetGapsOfSlots(104, 200));
        Assert.Single(stand.Gaps.GetGapsOfLsns(gap.AfterLsn, gap.BeforeLsn));
        Assert.Empty(stand.Gaps.GetGapsOfLsns(gap.BeforeLsn, gap.BeforeLsn.Add(100)));
        Assert.Throws<ArgumentOutOfRangeException>(() => stand.Gaps.GetGapsOfSlots(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => stand.Gaps.GetGapsOfLsns(new Lsn(2), new Lsn(1)));
    }

    private static byte[] Hello(ulong next) => EngineBytes.Hello(next: next, flags: StreamFlags.Replays);

    private static byte[] Slot(ulong sequence, ulong slot)
    {
        var frame = new byte[SlotView.GetFrameLength()];
        SlotView.Write(frame, 0, new SlotRecord { Slot = slot });
        FrameWriter.Stamp(frame, sequence, 0);
        return frame;
    }

    private static async Task GapsAsync(SessionStand stand, params (ulong First, ulong Last, GapState State)[] expected)
    {
        (ulong, ulong, GapState)[] now = [];
        await Eventually.BecomesAsync(
            () => (now = [.. stand.Gaps.GetGaps().Select(gap => (gap.FirstSequence, gap.LastSequence, gap.State))]).SequenceEqual(expected),
            () => string.Join(", ", now));
    }
}
