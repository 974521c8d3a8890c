using System.Diagnostics.Metrics;
using Mev.Sdk.DashboardHost.Ingest;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class IngestFactsTests
{
    [Fact]
    public async Task SlotWatch_knows_the_highest_slot_of_each_stage_by_source()
    {
        var watch = new SlotWatch();
        await WriteAsync(watch, 7, Slot(100, SightingStage.Processed), Slot(98, SightingStage.Confirmed), Slot(66, SightingStage.Finalized), Slot(99, SightingStage.Dropped), Block(100, 1_700_000_000));
        await WriteAsync(watch, 7, Slot(97, SightingStage.Confirmed), Block(90, 1_600_000_000));
        await WriteAsync(watch, 8, Slot(500, SightingStage.Finalized));

        var facts = watch.Read(7)!;
        Assert.Equal((100UL, 98UL, 66UL, 34UL, 2L, 1L, 100UL), (facts.Processed, facts.Confirmed, facts.Finalized, facts.Behind, facts.Blocks, facts.Abandoned, facts.NewestBlock));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), facts.BlockTime);
        Assert.Equal((500UL, 500UL, 500UL, 0UL), (watch.Read(8)!.Processed, watch.Read(8)!.Confirmed, watch.Read(8)!.Finalized, watch.Read(8)!.Behind));
        Assert.Null(watch.Read(9));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(253_402_300_800)] // the first second of the year 10000
    [InlineData(0)]
    public async Task SlotWatch_takes_a_time_that_no_calendar_holds_as_unknown_and_goes_on(long seconds)
    {
        var watch = new SlotWatch();
        await WriteAsync(watch, 7, Block(90, 1_600_000_000), Block(100, seconds), Slot(101, SightingStage.Confirmed));
        var facts = watch.Read(7)!;
        Assert.Null(facts.BlockTime);
        Assert.Equal(Figures.Unknown, Pages.Panels.StagesPanelModel.Age(DateTimeOffset.UnixEpoch, facts.BlockTime));
        Assert.Equal((101UL, 2L, 100UL), (facts.Confirmed, facts.Blocks, facts.NewestBlock));

        // Said again with a time, and then without one.
        await WriteAsync(watch, 7, Block(100, 1_700_000_000), Block(100, seconds));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), watch.Read(7)!.BlockTime);
        await WriteAsync(watch, 7, Block(102, 253_402_300_799));
        Assert.Equal(9999, watch.Read(7)!.BlockTime!.Value.Year);
    }

    [Fact]
    public void MissingFacts_sums_by_source_and_state_and_tells_unknown_ends_apart()
    {
        var sums = MissingFacts.Of(
        [
            Gap("a", 1, 10, GapState.Open), Gap("a", 20, 20, GapState.Final), Gap("a", 30, 39, GapState.Healed),
            Gap("a", 50, 150, GapState.Final) with { MissingRecords = 3 }, Gap("a", 200, MissingFacts.UnknownEnd, GapState.Final), Gap("b", 5, 6, GapState.Final),
        ]);
        Assert.Equal(new MissingFacts(10, 4, 10, 1), sums["a"]);
        Assert.Equal(new MissingFacts(0, 2, 0, 0), sums["b"]);
    }

    [Fact]
    public void MeterCounts_adds_up_by_source_and_view_and_ignores_what_is_not_asked_for()
    {
        using var counts = new MeterCounts();
        using var ingest = new Meter("Mev.Sdk.Ingest");
        using var chain = new Meter("Mev.Sdk.Ingest.Solana");
        var dropped = ingest.CreateCounter<long>(MeterCounts.ViewDropped);
        dropped.Add(3, new("view", "test-view"), new("reason", "full"));
        dropped.Add(4, new("view", "test-view"), new("reason", "failed"));
        chain.CreateCounter<long>(MeterCounts.MissingSlots).Add(5, new KeyValuePair<string, object?>("source", "test-source"));
        chain.CreateCounter<long>("mev.chain.blocks").Add(6, new KeyValuePair<string, object?>("source", "test-source"));
        Assert.Equal(7, counts.Read(MeterCounts.ViewDropped, "test-view"));
        Assert.Contains("test-view", counts.NamesOf(MeterCounts.ViewDropped));
        Assert.Equal(5, counts.Read(MeterCounts.MissingSlots, "test-source"));
        Assert.Equal(0, counts.Read("mev.chain.blocks", "test-source"));
    }

    private static CoverageGap Gap(string source, ulong first, ulong last, GapState state) => new(source, 1, first, last, DateTimeOffset.UnixEpoch, state, "");

    private static async Task WriteAsync(SlotWatch watch, uint source, params byte[][] frames) =>
        await watch.WriteAsync(RecordBatch.Borrow([frames.SelectMany(static f => f).ToArray()], frames.Length, new StreamPosition(source, 1, 1), new Lsn(1)));

    private static byte[] Slot(ulong slot, SightingStage stage)
    {
        var frame = new byte[SlotView.GetFrameLength()];
        SlotView.Write(frame, 1, new SlotRecord { Slot = slot, Stage = stage });
        return frame;
    }

    private static byte[] Block(ulong slot, long time)
    {
        var frame = new byte[BlockView.GetFrameLength()];
        BlockView.Write(frame, 1, new BlockRecord { Slot = slot, BlockTimeSeconds = time, Stage = SightingStage.Processed });
        return frame;
    }
}
