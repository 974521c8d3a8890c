using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Session;

public sealed class EngineSessionResumeTests
{
    // What an engine may say that it no longer has: docs/wire-format.md.
    private const ulong Most = 1UL << 40;

    private static readonly uint SourceId = SourceIds.FromName("engine");

    [Fact]
    public async Task RunAsync_first_contact_starts_at_what_is_retained_and_writes_down_what_is_not()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(first: 41, next: 50), EngineBytes.Record(41));
        Assert.Equal(41UL, stand.SubscribedFrom);
        var gap = Assert.Single(stand.Gaps.GetGaps());
        Assert.Equal((1UL, 40UL, GapState.Final, GapCause.NotRetained), (gap.FirstSequence, gap.LastSequence, gap.State, gap.Cause));
        Assert.Contains("before this host met its session", gap.Reason, StringComparison.Ordinal);
        Assert.Equal(40, ((ICoverage)stand.Gaps).GetTotals().FinalRecords);
    }

    [Fact]
    public async Task RunAsync_first_contact_with_an_engine_that_retains_all_has_no_gap()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(first: 1, next: 50), EngineBytes.Record(1));
        Assert.Empty(stand.Gaps.GetGaps());
    }

    [Fact]
    public async Task RunAsync_first_contact_with_an_engine_of_very_many_records_is_no_error()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(first: Most + 1, next: Most + 2), EngineBytes.Record(Most + 1));
        Assert.Equal(Most, Assert.Single(stand.Gaps.GetGaps()).LastSequence);
        Assert.Single(stand.Sink.Numbers);
    }

    [Theory]
    [InlineData(Most + 2)]
    [InlineData(1UL << 63)]
    public async Task RunAsync_first_contact_with_absurd_numbers_writes_nothing_down(ulong first)
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 6), EngineBytes.Records(1, 5));
        var refused = await Assert.ThrowsAsync<SessionProtocolException>(() => stand.RunAsync(EngineBytes.Hello(session: 0x222, first: first, next: first)));
        Assert.Contains($"from {first} only", refused.Message, StringComparison.Ordinal);
        Assert.Empty(stand.Gaps.GetGaps());
        Assert.Equal(0, ((ICoverage)stand.Gaps).GetTotals().FinalRecords);

        // The session before is still the source's, and goes on.
        Assert.Equal((EngineBytes.Session, 6UL), (stand.Context.Progress.SessionId, stand.Context.Progress.Next));
        await stand.RunAsync(EngineBytes.Hello(next: 6), EngineBytes.Record(6));
        await stand.Sink.WaitForAsync(6);
        Assert.Empty(stand.Gaps.GetGaps());
    }

    [Fact]
    public async Task RunAsync_known_session_continues_behind_the_last_received()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 6), EngineBytes.Records(1, 5));
        stand.Sent.Clear();
        await stand.RunAsync(EngineBytes.Hello(next: 6));
        Assert.Equal(6UL, stand.SubscribedFrom);
    }

    [Fact]
    public async Task RunAsync_after_a_restart_continues_behind_the_durable_position()
    {
        var log = new FakeLog();
        log.Positions.Add(new StreamPosition(SourceId, EngineBytes.Session, 77));
        log.Positions.Add(new StreamPosition(SourceId + 1, EngineBytes.Session, 99));
        var stand = new SessionStand(log);
        await stand.RunAsync(EngineBytes.Hello(next: 100));
        Assert.Equal(78UL, stand.SubscribedFrom);
    }

    [Fact]
    public async Task RunAsync_engine_no_longer_retains_what_is_wanted_writes_a_final_gap()
    {
        var log = new FakeLog();
        log.Positions.Add(new StreamPosition(SourceId, EngineBytes.Session, 10));
        var stand = new SessionStand(log);

        await stand.RunAsync(EngineBytes.Hello(first: 21, next: 30), EngineBytes.Record(21));

        Assert.Equal(21UL, stand.SubscribedFrom);
        var gap = Assert.Single(stand.Gaps.GetGaps());
        Assert.Equal((11UL, 20UL, GapState.Final), (gap.FirstSequence, gap.LastSequence, gap.State));
        Assert.Equal([21L], stand.Sink.Numbers);
    }

    [Fact]
    public async Task RunAsync_restarted_engine_that_already_forgot_its_beginning_writes_a_gap()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 2), EngineBytes.Record(1));
        await stand.RunAsync(EngineBytes.Hello(session: 2, first: 5, next: 9));
        var gap = Assert.Single(stand.Gaps.GetGaps(), static gap => gap.SessionId == 2);
        Assert.Equal((2UL, 1UL, 4UL), (gap.SessionId, gap.FirstSequence, gap.LastSequence));
    }

    [Fact]
    public async Task RunAsync_returning_to_an_earlier_session_does_not_ask_again_for_what_it_has()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 4), EngineBytes.Records(1, 3));
        await stand.RunAsync(EngineBytes.Hello(session: 2, next: 1));
        stand.Sent.Clear();
        await stand.RunAsync(EngineBytes.Hello(next: 9));
        Assert.Equal(4UL, stand.SubscribedFrom);
    }

    [Fact]
    public async Task RunAsync_heartbeat_that_counts_further_writes_down_the_lost_tail()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 9), EngineBytes.Records(1, 2), EngineBytes.Heartbeat(5), EngineBytes.Heartbeat(5), EngineBytes.Record(6));
        var gap = Assert.Single(stand.Gaps.GetGaps());
        Assert.Equal((3UL, 5UL, GapState.Open), (gap.FirstSequence, gap.LastSequence, gap.State));
        Assert.Equal([1L, 2L, 6L], stand.Sink.Numbers);
    }

    [Fact]
    public async Task RunAsync_goodbye_that_counts_further_writes_down_the_lost_tail()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 9), EngineBytes.Record(1), EngineBytes.Goodbye(8));
        var gap = Assert.Single(stand.Gaps.GetGaps());
        Assert.Equal((2UL, 8UL), (gap.FirstSequence, gap.LastSequence));
    }

    [Fact]
    public async Task RunAsync_engine_whose_count_went_back_is_a_protocol_error()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 9), EngineBytes.Records(1, 8));
        var exception = await Assert.ThrowsAsync<SessionProtocolException>(() => stand.RunAsync(EngineBytes.Hello(next: 5)));
        Assert.Contains("8 was already received", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ended_session_without_news_is_not_subscribed_again()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 2), EngineBytes.Record(1), EngineBytes.Goodbye(1));
        stand.Sent.Clear();
        Assert.Equal(SessionEndKind.EndOfStream, (await stand.RunAsync(EngineBytes.Hello(next: 2))).Kind);
        Assert.Empty(stand.Sent);
        await stand.RunAsync(EngineBytes.Hello(next: 3));
        Assert.Equal(2UL, stand.SubscribedFrom);
    }

    [Theory]
    [InlineData(StreamFlags.Simulated, false, "simulated")]
    [InlineData(StreamFlags.None, true, "real")]
    public async Task RunAsync_stream_of_the_other_kind_is_refused(StreamFlags flags, bool expectSimulated, string word)
    {
        var stand = new SessionStand(expectSimulated: expectSimulated);

        var end = await stand.RunAsync(EngineBytes.Hello(flags: flags), EngineBytes.Record(1));

        Assert.Equal(SessionEndKind.Refused, end.Kind);
        Assert.Contains($"carries {word} records", end.Reason, StringComparison.Ordinal);
        Assert.True(Internal.SessionFrames.TryRead<GoodbyeMessage>(Assert.Single(stand.Sent), out var goodbye, out var reason));
        Assert.Equal((GoodbyeCode.Refused, end.Reason), (goodbye.Code, reason));
        Assert.Empty(stand.Sink.Numbers);
    }

    [Theory]
    [InlineData(GoodbyeCode.ShuttingDown, SessionEndKind.Goodbye)]
    [InlineData(GoodbyeCode.Unspecified, SessionEndKind.Goodbye)]
    [InlineData(GoodbyeCode.Refused, SessionEndKind.Refused)]
    [InlineData(GoodbyeCode.ProtocolError, SessionEndKind.Refused)]
    public async Task RunAsync_goodbye_says_how_to_go_on(GoodbyeCode code, object kind)
    {
        var end = await new SessionStand().RunAsync(EngineBytes.Hello(), EngineBytes.Goodbye(0, code, "because"));
        Assert.Equal(kind, end.Kind);
        Assert.Contains("because", end.Reason, StringComparison.Ordinal);
    }
}
