using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Session;

/// <summary>One number that is far off ends a connection, and mutes nothing.</summary>
public sealed class SequenceJumpTests
{
    private const ulong Far = 1UL << 62;

    [Theory]
    [InlineData("heartbeat")]
    [InlineData("goodbye")]
    [InlineData("record")]
    [InlineData("notice")]
    [InlineData("hello")]
    public async Task Jump_that_no_stream_makes_ends_the_connection_and_the_next_one_goes_on(string kind)
    {
        var stand = new SessionStand();
        var start = Frames.Concat(EngineBytes.Hello(), EngineBytes.Records(1, 5));
        await stand.RunAsync(start);
        var said = kind switch
        {
            "heartbeat" => Frames.Concat(EngineBytes.Hello(next: 6), EngineBytes.Heartbeat(Far)),
            "goodbye" => Frames.Concat(EngineBytes.Hello(next: 6), EngineBytes.Goodbye(Far)),
            "record" => Frames.Concat(EngineBytes.Hello(next: 6), EngineBytes.Record(Far)),
            "notice" => Frames.Concat(EngineBytes.Hello(next: 6), SessionFrames.GapNotice(EngineBytes.Session, 6, Far, GapCause.Dropped, Far, 0)),
            _ => EngineBytes.Hello(first: Far, next: Far),
        };
        await Assert.ThrowsAsync<SessionProtocolException>(() => stand.RunAsync(said));
        Assert.Equal(6UL, stand.Context.Progress.Next);
        Assert.Empty(stand.Gaps.GetGaps());

        await stand.RunAsync(EngineBytes.Hello(next: 6), EngineBytes.Records(6, 10));
        await stand.Sink.WaitForAsync(10);
        Assert.Equal(0, stand.Snapshot.Duplicates);
    }

    [Fact]
    public async Task Wide_range_that_the_engine_says_it_dropped_itself_is_taken()
    {
        var stand = new SessionStand();
        await stand.RunAsync(
            EngineBytes.Hello(),
            EngineBytes.Records(1, 5),
            SessionFrames.GapNotice(EngineBytes.Session, 6, 1 << 30, GapCause.Dropped, 1 << 30, 0),
            EngineBytes.Records((1 << 30) + 1, (1 << 30) + 5));
        await stand.Sink.WaitForAsync(10);
        Assert.Equal(1UL << 30, Assert.Single(stand.Gaps.GetGaps()).LastSequence);
    }
}
