using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Session;

public sealed class GapLedgerTests
{
    [Fact]
    public void Add_gap_is_listed_and_appended_as_a_record()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 7, 27, 12, 0, 0, TimeSpan.Zero));
        var appender = new RecordingAppender();
        var ledger = new GapLedger(appender, time);

        ledger.Add("engine", 5, 10, 19, GapState.Final, "evicted");

        var gap = Assert.Single(ledger.GetGaps());
        Assert.Equal(new CoverageGap("engine", 5, 10, 19, time.GetUtcNow(), GapState.Final, "evicted") { MissingRecords = 10 }, gap);
        Assert.Equal(1, ledger.GapCount);
        Assert.Equal(0, ledger.OpenCount);
        Assert.Single(appender.Frames);
    }

    [Fact]
    public void Restore_journaled_gap_comes_back_as_it_was()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 7, 27, 12, 0, 0, TimeSpan.Zero));
        var appender = new RecordingAppender();
        var before = new GapLedger(appender, time);
        before.Add("engine", 5, 10, 19, GapState.Open, "a jump: ±");

        var after = new GapLedger();
        after.Register("engine");
        Assert.True(after.Restore(new RecordView(Lsn.None, appender.Frames[0])));
        Assert.False(after.Restore(new RecordView(Lsn.None, Frames.Numbered(1))));

        Assert.Equal(before.GetGaps(), after.GetGaps());
        Assert.Equal(1, after.GapCount);
    }

    [Fact]
    public void Restore_gap_of_an_unknown_source_names_its_id()
    {
        var appender = new RecordingAppender();
        new GapLedger(appender).Add("elsewhere", 5, 1, 1, GapState.Open, "");
        var ledger = new GapLedger();
        ledger.Restore(new RecordView(Lsn.None, appender.Frames[0]));
        Assert.Equal($"source {SourceIds.FromName("elsewhere"):x8}", ledger.GetGaps()[0].SourceName);
    }

    [Fact]
    public void Add_full_lane_gap_is_written_as_soon_as_there_is_room()
    {
        var appender = new RecordingAppender { IsFull = true };
        var ledger = new GapLedger(appender);
        ledger.Add("engine", 5, 1, 1, GapState.Open, "first");
        Assert.Empty(appender.Frames);
        Assert.Equal(1, ledger.GapCount);

        appender.IsFull = false;
        ledger.Add("engine", 5, 3, 3, GapState.Open, "second");

        // What waited became one record: the range, and how many of it are missing.
        Assert.True(GapView.TryRead(new RecordView(Lsn.None, Assert.Single(appender.Frames)), out var view));
        Assert.Equal((1UL, 3UL, 2UL), (view.Record.FirstSequence, view.Record.LastSequence, view.Record.MissingRecords));
        Assert.Equal(2, ledger.GetGaps().Count);
    }

    [Fact]
    public void Add_more_than_memory_holds_joins_the_oldest_and_loses_none()
    {
        var ledger = new GapLedger();
        for (var i = 1UL; i <= GapLedger.MaxGaps + 10; i++)
        {
            ledger.Add("engine", 1, i, i, GapState.Open, "");
        }

        Assert.Equal(GapLedger.MaxGaps + 10, ledger.GapCount);
        Assert.InRange(ledger.GetGaps().Count, 1, GapLedger.MaxGaps);
        Assert.Equal(ledger.GetGaps().Count, ledger.OpenCount);
        Assert.Equal((1UL, GapLedger.MaxGaps + 10UL), (ledger.GetGaps()[0].FirstSequence, ledger.GetGaps()[^1].LastSequence));
        Assert.Equal(GapLedger.MaxGaps + 10UL, ledger.GetGaps().Aggregate(0UL, (sum, gap) => sum + gap.MissingRecords));
    }

    [Fact]
    public void Add_empty_range_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GapLedger().Add("engine", 1, 5, 4, GapState.Open, ""));

    [Fact]
    public async Task Add_through_the_sequencer_reaches_the_sinks_before_the_record_that_showed_the_gap()
    {
        var stand = new SessionStand();
        await stand.RunAsync(EngineBytes.Hello(next: 6), EngineBytes.Record(1), EngineBytes.Record(5));
        Assert.Equal([TemplateIds.Metric, TemplateIds.Gap, TemplateIds.Metric], stand.Sink.All.Select(seen => seen.Template));
        Assert.Equal(new StreamPosition(0, 0, 1), stand.Sink.All[1].Position);
    }

    [Fact]
    public void Ends_of_very_many_sessions_wait_for_their_share_and_hold_no_gap_back()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 7, 27, 12, 0, 0, TimeSpan.Zero));
        var appender = new RecordingAppender();
        var ledger = new GapLedger(appender, time);
        for (var session = 1UL; session <= 10_000; session++)
        {
            ledger.Add("engine", session, 5, CoverageGap.UnknownEnd, GapState.Final, "no goodbye");
        }

        var ends = appender.Frames.Count;
        Assert.InRange(appender.Frames.Sum(static frame => frame.Length), 1, 64 << 10);
        ledger.Add("engine", 20_000, 1, 9, GapState.Final, "evicted");
        Assert.Equal(ends + 1, appender.Frames.Count);
        Assert.True(GapView.TryRead(new RecordView(Lsn.None, appender.Frames[^1]), out var view));
        Assert.Equal((20_000UL, 9UL), (view.Record.SessionId, view.Record.LastSequence));

        // What waited is written with the time.
        time.Advance(TimeSpan.FromSeconds(2));
        ledger.Add("engine", 20_001, 1, 9, GapState.Final, "evicted");
        Assert.InRange(appender.Frames.Count, ends + 100, ends + 1_000);
    }

    private sealed class RecordingAppender : IRecordAppender
    {
        public List<byte[]> Frames { get; } = [];

        public bool IsFull { get; set; }

        public bool TryAppend(ReadOnlySpan<byte> frame)
        {
            if (!IsFull)
            {
                Frames.Add(frame.ToArray());
            }

            return !IsFull;
        }
    }
}
