using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Session;

public sealed class ClockTests
{
    private const ulong Base = 1_785_110_400_000_000_000;

    [Theory]
    [InlineData(0, 100, 100)]
    [InlineData(5_000_000, 100, 100)]
    [InlineData(-5_000_000, 250, 50)]
    [InlineData(3_600_000_000_000, 1_000, 4_000)]
    public void Add_offset_is_known_to_half_the_round_trip(long offset, long there, long back)
    {
        var clock = new ClockEstimator();
        var received = (ulong)((long)Base + there + offset);
        var answered = received + 700;
        var arrived = Base + (ulong)there + 700 + (ulong)back;
        Assert.True(clock.Add(Base, received, answered, arrived));
        Assert.Equal(there + back, clock.RoundTripNanoseconds);
        Assert.InRange(clock.OffsetNanoseconds!.Value, offset - ((there + back) / 2) - 1, offset + ((there + back) / 2) + 1);
    }

    [Fact]
    public void Add_exchange_that_waited_least_counts_until_it_is_old()
    {
        var clock = new ClockEstimator();
        Assert.Null(clock.OffsetNanoseconds);

        // On the way there 10 µs, on the way back 10 µs; then queues of up to 1 ms on one side only, which pull the offset.
        clock.Add(Base, Base + 10_000 + 500, Base + 10_000 + 500, Base + 20_000);
        Assert.Equal((20_000, 500), (clock.RoundTripNanoseconds, clock.OffsetNanoseconds));
        for (var i = 1UL; i < ClockEstimator.Window; i++)
        {
            var sent = Base + (i * 1_000_000_000);
            clock.Add(sent, sent + 10_000 + (i * 60_000), sent + 10_000 + (i * 60_000), sent + 20_000 + (i * 60_000));
            Assert.Equal(500, clock.OffsetNanoseconds);
        }

        var late = Base + 100_000_000_000;
        clock.Add(late, late + 50_000, late + 50_000, late + 100_000);
        Assert.NotEqual(20_000, clock.RoundTripNanoseconds);
    }

    [Theory]
    [InlineData(Base, Base, Base - 1, Base)]
    [InlineData(Base, Base, Base, Base - 1)]
    [InlineData(Base, Base, Base + 100, Base + 50)]
    [InlineData(ulong.MaxValue, 0UL, 0UL, ulong.MaxValue)]
    [InlineData(Base, ulong.MaxValue, ulong.MaxValue, Base)]
    public void Add_times_that_no_clocks_show_are_refused(ulong sent, ulong received, ulong answered, ulong arrived)
    {
        var clock = new ClockEstimator();
        Assert.False(clock.Add(sent, received, answered, arrived));
        Assert.Null(clock.OffsetNanoseconds);
    }

    [Fact]
    public async Task Heartbeats_show_offset_and_one_way_lag_of_an_engine_whose_clock_is_ahead()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddTicks((long)(Base / 100)));
        var stand = new SessionStand(time: time, heartbeats: TimeSpan.FromSeconds(1));
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(EngineBytes.Hello(next: 1));
        Assert.True(SessionFrames.TryRead<SubscribeMessage>(await talk.HearAsync(TemplateIds.Subscribe), out var subscribe));
        Assert.Equal(1000u, subscribe.HeartbeatMilliseconds);
        var beat = await talk.HearAsync(TemplateIds.Heartbeat);
        var sent = BitConverter.ToUInt64(beat, 16);
        Assert.Equal(Base, sent);

        // The engine's clock is 3 ms ahead; 1 ms there, 1 ms back.
        time.Advance(TimeSpan.FromMilliseconds(2));
        await talk.SayAsync(SessionFrames.Heartbeat(0, Base + 4_000_000, Base, Base + 4_000_000));
        await Eventually.BecomesAsync(() => stand.Snapshot.ClockOffsetMilliseconds is not null);
        Assert.Equal((2.0, 3.0), (stand.Snapshot.RoundTripMilliseconds, stand.Snapshot.ClockOffsetMilliseconds));

        // A record made 5 ms ago by true time says by its own clock that it was made 2 ms ago.
        var record = EngineBytes.Record(1);
        FrameWriter.Stamp(record, 1, Base + 2_000_000 - 5_000_000 + 3_000_000);
        await talk.SayAsync(record);
        await stand.Sink.WaitForAsync(1);
        await Eventually.BecomesAsync(() => stand.Snapshot.LagCorrectedMilliseconds is not null);
        Assert.Equal((2.0, 5.0), (Math.Round(stand.Snapshot.LagMilliseconds!.Value, 3), Math.Round(stand.Snapshot.LagCorrectedMilliseconds!.Value, 3)));

        // An answer to what was never sent, or to the same again, changes nothing.
        await talk.SayAsync(SessionFrames.Heartbeat(1, Base, Base, Base), SessionFrames.Heartbeat(1, Base, 77, Base), EngineBytes.Record(2));
        await stand.Sink.WaitForAsync(2);
        Assert.Equal(3.0, stand.Snapshot.ClockOffsetMilliseconds);
        time.Advance(TimeSpan.FromSeconds(1));
        await talk.HearAsync(TemplateIds.Heartbeat, 1);
    }

    [Fact]
    public async Task Heartbeats_switched_off_are_neither_promised_nor_sent()
    {
        var stand = new SessionStand();
        await using var talk = new SessionTalk(stand);
        await talk.SayAsync(EngineBytes.Hello(next: 1), EngineBytes.Record(1));
        await stand.Sink.WaitForAsync(1);
        Assert.True(SessionFrames.TryRead<SubscribeMessage>(await talk.HearAsync(TemplateIds.Subscribe), out var subscribe));
        Assert.Equal(0u, subscribe.HeartbeatMilliseconds);
        Assert.Empty(talk.Heard(TemplateIds.Heartbeat));
    }
}
