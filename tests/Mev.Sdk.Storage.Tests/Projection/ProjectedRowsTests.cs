using Mev.Sdk.Records;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests.Relational;
using Mev.Sdk.TestKit;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Projection;

public sealed class ProjectedRowsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000);

    [Fact]
    public void Sightings_are_told_apart_and_take_their_scores_along()
    {
        using var rows = new ProjectedRows("test");
        var stream = new RecordStream()
            .Add(Make.Transaction(1, 1000))
            .Add(Make.Transaction(2, 1001), Make.Swap(5, Make.Key(1), 10, Make.Key(2), 20))
            .Add(Make.Transaction(1, 1000))
            .AddFrame(Prediction((1, 0.5f), (1, 0.75f), (3, 0.25f), (99, float.NaN)));
        Assert.Single(Runs(rows, stream));

        var firsts = RowValues.Read(rows.FirstSightings);
        Assert.Equal([Lsn(1), Lsn(2)], Column(rows.FirstSightings, "lsn"));
        Assert.Equal([0.75f, null], Column(rows.FirstSightings, "score"));
        Assert.Equal(["m", null], Column(rows.FirstSightings, "model_version"));
        Assert.Equal([null, Make.Key(5)], Column(rows.FirstSightings, "pool"));
        Assert.Equal([1_700_000_000_000_000L, 1_700_000_000_000_000L], Column(rows.FirstSightings, "processed_at"));
        Assert.Equal([Lsn(3)], Column(rows.RepeatedSightings, "lsn"));
        Assert.Equal([null], Column(rows.RepeatedSightings, "score"));
        Assert.Equal(new SlotSpan(1000 - 512, 1001 + 512), rows.TransactionSlots);
        Assert.Equal([[Lsn(1), 0.75f, "m", 1UL, true], [Lsn(3), 0.25f, "m", 2UL, false]], RowValues.Read(rows.Scores));
        Assert.True(rows.HasScoresToMerge);
        Assert.Equal((new Lsn(Lsn(1)), new Lsn(Lsn(3))), (rows.FirstScoredLsn, rows.LastScoredLsn));
        Assert.Equal([0.5f, 0.75f, 0.25f, null], Column(Of(rows, HistoryTables.Predictions), "score"));
        Assert.Equal(2, firsts.Count);
    }

    [Fact]
    public void Malformed_bodies_are_counted_and_everything_else_has_its_rows()
    {
        using var rows = new ProjectedRows("test");
        var bad = new byte[TransactionView.GetFrameLength(0, 8, 0)];
        TransactionView.Write(bad, 0, Make.Transaction(1, 5), [], new byte[8], []);
        bad.AsSpan(FrameHeader.Size + TransactionRecord.Size, 4).Fill(0xFF);
        Assert.Single(Runs(rows, new RecordStream().AddFrame(bad).Add(Make.Transaction(2, 5)).AddFrame(bad)));
        Assert.Equal(2, rows.MalformedCount);
        Assert.Equal([new Lsn(Lsn(1)), new Lsn(Lsn(3))], rows.Malformed.Select(static m => m.Lsn));
        Assert.All(rows.Malformed, static m => Assert.Contains("outside its frame", m.Reason, StringComparison.Ordinal));
        Assert.Equal([Lsn(2)], Column(rows.FirstSightings, "lsn"));
    }

    [Fact]
    public void A_run_ends_where_the_order_of_records_matters()
    {
        using var rows = new ProjectedRows("test");

        // Stages behind the sightings of their slots: one run.
        Assert.Single(Runs(rows, new RecordStream().Add(Make.Transaction(1, 5)).Add(Slot(5, SightingStage.Confirmed)).Add(Make.Transaction(2, 6)).Add(Slot(5, SightingStage.Finalized))));
        Assert.Equal([[5UL, (byte)SightingStage.Finalized]], RowValues.Read(rows.SlotStages));

        // A stage before a sighting that it would advance.
        Assert.Equal([(1UL, 1UL), (2UL, 2UL)], Runs(rows, new RecordStream().Add(Slot(5, SightingStage.Confirmed)).Add(Make.Transaction(1, 5))));

        // An ending before any sighting: it may have been in that slot.
        Assert.Equal([(1UL, 1UL), (2UL, 3UL)], Runs(rows, new RecordStream().Add(Slot(5, SightingStage.Forked)).Add(Make.Transaction(1, 6)).Add(Make.Transaction(2, 6))));

        // Two repeats of which the second does not lead on; across batches.
        var repeats = new RecordStream().Add(Make.Transaction(1, 5)).Add(Sighting(1, 5, SightingStage.Confirmed)).Add(Sighting(1, 5, SightingStage.Processed)).Add(Sighting(1, 5, SightingStage.Finalized));
        Assert.Equal([(1UL, 2UL), (3UL, 4UL)], Runs(rows, repeats));
        Assert.Equal([(1UL, 2UL), (3UL, 4UL)], Runs(rows, repeats, batch: 3));
        Assert.Equal([(1UL, 2UL), (3UL, 4UL)], Runs(rows, repeats, batch: 2));
        Assert.Equal([(1UL, 2UL), (3UL, 4UL)], Runs(rows, repeats, batch: 1));
    }

    [Fact]
    public void First_sightings_are_brought_to_the_stages_of_their_slots_except_those_that_are_repeated()
    {
        using var rows = new ProjectedRows("test");
        var stream = new RecordStream()
            .Add(Make.Transaction(1, 5) with { BlockTimeSeconds = 0 }).Add(Sighting(2, 5, SightingStage.Pending)).Add(Make.Transaction(3, 6)).Add(Sighting(4, 5, SightingStage.Finalized))
            .Add(Slot(5, SightingStage.Confirmed)).Add(Slot(7, SightingStage.Forked));
        Assert.Single(Runs(rows, stream));
        var before = RowValues.Read(rows.FirstSightings);
        Assert.True(rows.AdvanceFirstSightings());
        Assert.True(rows.AdvanceFirstSightings());
        Assert.Equal([(byte)SightingStage.Confirmed, (byte)SightingStage.Pending, (byte)SightingStage.Processed, (byte)SightingStage.Finalized], Column(rows.FirstSightings, "stage"));

        // Nothing else is touched.
        var stage = HistoryTables.Transactions["stage"].Ordinal;
        before[0][stage] = (byte)SightingStage.Confirmed;
        Assert.Equal(before, RowValues.Read(rows.FirstSightings));

        // The second sighting leads on before the slot does; only the merge knows in which order.
        Assert.Single(Runs(rows, new RecordStream().Add(Make.Transaction(1, 5)).Add(Make.Transaction(2, 5)).Add(Sighting(1, 6, SightingStage.Confirmed)).Add(Slot(5, SightingStage.Finalized))));
        Assert.False(rows.AdvanceFirstSightings());
        Assert.Equal([(byte)SightingStage.Processed, (byte)SightingStage.Finalized], Column(rows.FirstSightings, "stage"));
    }

    [Fact]
    public void Outcomes_are_merged_with_opportunities_of_the_run_and_else_staged()
    {
        using var rows = new ProjectedRows("test");
        var stream = new RecordStream()
            .Add(new OpportunityRecord { OpportunityId = 1, Slot = 5, ExpectedProfitLamports = 10, ExpectedCostLamports = 3, Confidence = double.NaN })
            .AddFrame(Outcome(1, OutcomeStatus.Succeeded, 7)).AddFrame(Outcome(2, OutcomeStatus.Declined, 0));
        Assert.Single(Runs(rows, stream));
        Assert.Equal([7L], Column(rows.Opportunities, "profit_lamports"));
        Assert.Equal([12UL], Column(rows.Opportunities, "actual_cost_lamports"));
        Assert.Equal([true], Column(rows.Opportunities, "success"));
        Assert.Equal([null], Column(rows.Opportunities, "confidence"));
        Assert.Equal([2UL], Column(rows.OutcomesToMerge, "opportunity_id"));
        Assert.Equal(2, Of(rows, HistoryTables.Outcomes).RowCount);
        Assert.Equal(1, rows.ReportedOpportunities);
    }

    private static List<(ulong First, ulong Last)> Runs(ProjectedRows rows, RecordStream stream, int batch = int.MaxValue)
    {
        var batches = stream.Batches(() => batch).ToList();
        rows.Begin(batches, new SightingFilter(), Now);
        var runs = new List<(ulong, ulong)>();
        while (rows.NextRun())
        {
            runs.Add((rows.FirstLsn.Counter, rows.LastLsn.Counter));
            if (rows.LastLsn == batches[^1].LastLsn)
            {
                break;
            }
        }

        batches.ForEach(static b => b.Release());
        return runs;
    }

    private static RowBuffer Of(ProjectedRows rows, HistoryTable table) => rows.Appended.Single(b => b.Table == table);

    private static List<object?> Column(RowBuffer rows, string name) => [.. RowValues.Read(rows).Select(r => r[rows.Table[name].Ordinal])];

    private static ulong Lsn(ulong counter) => Mev.Sdk.Lsn.Create(1, counter).Value;

    private static TransactionRecord Sighting(ulong number, ulong slot, SightingStage stage) => Make.Transaction(number, slot) with { Stage = stage };

    private static SlotRecord Slot(ulong slot, SightingStage stage) => new() { Slot = slot, Stage = stage };

    private static byte[] Prediction(params (ulong Counter, float Score)[] scores)
    {
        var entries = scores.Select(static s => new ScoreEntry { TransactionLsn = Lsn(s.Counter), Score = s.Score }).ToArray();
        var frame = new byte[PredictionView.GetFrameLength(entries.Length, 1)];
        PredictionView.Write(frame, 1, default, entries, "m"u8);
        return frame;
    }

    private static byte[] Outcome(ulong id, OutcomeStatus status, long profit)
    {
        var frame = new byte[OutcomeView.GetFrameLength(0)];
        OutcomeView.Write(frame, 1, new OutcomeRecord { OpportunityId = id, Status = status, ProfitLamports = profit, FeeLamports = 5, TipLamports = 7 }, []);
        return frame;
    }
}
