using System.Diagnostics.Metrics;
using FsCheck.Xunit;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Session;

/// <summary>An entry that stands for several gaps never claims to know which of its sequences are missing; sums stay what they are.</summary>
public sealed class CoalescedGapTests
{
    private static readonly uint Source = SourceIds.FromName("engine");

    [Fact]
    public void Resolved_part_is_exact_and_what_is_left_is_not()
    {
        var ledger = Restored(1, 100, 60);
        var gap = Assert.Single(ledger.GetGaps());
        Assert.False(gap.IsExact);
        ledger.Resolve(Source, 7, [(50, 52)], GapState.Healed, null, null);

        var gaps = ledger.GetGaps().OrderBy(static part => part.FirstSequence).ToArray();
        Assert.Equal([(1UL, 49UL, false), (50UL, 52UL, true), (53UL, 100UL, false)], gaps.Select(static part => (part.FirstSequence, part.LastSequence, part.IsExact)));
        Assert.Equal(60UL, gaps.Aggregate(0UL, static (sum, part) => sum + part.MissingRecords));
    }

    [Fact]
    public void Few_missing_of_many_leave_no_part_that_looks_complete()
    {
        // Records 1 and 100 are missing for certain, and one between.
        var ledger = Restored(1, 100, 3);
        ledger.Resolve(Source, 7, [(2, 2)], GapState.Healed, null, null);
        Assert.Equal(
            [(1UL, 1UL), (2UL, 2UL), (3UL, 100UL)],
            ledger.GetGaps().OrderBy(static part => part.FirstSequence).Select(static part => (part.FirstSequence, part.LastSequence)));
    }

    [Fact]
    public void Part_of_an_entry_that_another_entry_speaks_of_takes_no_more_than_that_one_means()
    {
        var ledger = Restored(1, 100, 3);
        ledger.Restore(new RecordView(new Lsn(2), Record(1, 40, 2, GapState.Final)));
        var gaps = ledger.GetGaps().OrderBy(static part => part.FirstSequence).ToArray();
        Assert.Equal([(1UL, 40UL, GapState.Final, 2UL), (41UL, 100UL, GapState.Open, 1UL)], gaps.Select(static part => (part.FirstSequence, part.LastSequence, part.State, part.MissingRecords)));
    }

    [Fact]
    public async Task Restart_takes_a_final_entry_apart_where_the_log_accounts_for_all_of_it()
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        var lsn = 1UL;
        foreach (var sequence in new ulong[] { 1, 3, 4, 8 })
        {
            await log.WriteAsync(RecordBatch.Borrow([EngineBytes.Record(sequence)], 1, new StreamPosition(Source, 7, sequence), new Lsn(lsn++)), TestContext.Current.CancellationToken);
        }

        await log.WriteAsync(RecordBatch.Borrow([Record(2, 7, 4, GapState.Final)], 1, default, new Lsn(lsn)), TestContext.Current.CancellationToken);
        var ledger = new GapLedger();
        await ledger.RestoreAsync(log, TestContext.Current.CancellationToken);

        Assert.Equal([(2UL, 2UL, true), (5UL, 7UL, true)], ledger.GetGaps().OrderBy(static part => part.FirstSequence).Select(static part => (part.FirstSequence, part.LastSequence, part.IsExact)));
        Assert.Equal((0L, 4L), (ledger.GetTotals().OpenRecords, ledger.GetTotals().FinalRecords));
    }

    [Fact]
    public async Task Restart_leaves_a_final_entry_alone_of_which_the_log_says_otherwise()
    {
        var log = new MemoryLog { IsCommittingAtOnce = true };
        await log.WriteAsync(RecordBatch.Borrow([EngineBytes.Record(1)], 1, new StreamPosition(Source, 7, 1), new Lsn(1)), TestContext.Current.CancellationToken);
        await log.WriteAsync(RecordBatch.Borrow([Record(2, 7, 4, GapState.Final)], 1, default, new Lsn(2)), TestContext.Current.CancellationToken);
        var ledger = new GapLedger();
        await ledger.RestoreAsync(log, TestContext.Current.CancellationToken);
        Assert.False(Assert.Single(ledger.GetGaps()).IsExact);
    }

    [Property(MaxTest = 200)]
    public void Sums_are_those_of_the_entries_whatever_is_done((byte Kind, byte First, byte Width)[] operations)
    {
        var ledger = new GapLedger();
        ledger.Register("engine");
        foreach (var (kind, first, width) in operations)
        {
            var last = first + (ulong)(width % 20);
            switch (kind % 5)
            {
                case 0:
                    ledger.Restore(new RecordView(new Lsn(1), Record(first, last, 1 + (last - first) / 2, (GapState)(kind % 3))));
                    break;
                case 1:
                    ledger.Resolve(Source, 7, [(first, last)], GapState.Final, null, null);
                    break;
                case 2:
                    ledger.Add("engine", 7, first, CoverageGap.UnknownEnd, (GapState)(width % 3), "no goodbye");
                    break;
                default:
                    ledger.Add("engine", 7, first, last, (GapState)(kind % 3), "because");
                    break;
            }

            var gaps = ledger.GetGaps();
            Assert.Equal(CoverageTotals.Of(gaps) with { LastLossAt = null }, ledger.GetTotals() with { LastLossAt = null });
            Assert.All(gaps.Where(static gap => !gap.IsOpenEnded), static gap => Assert.InRange(gap.MissingRecords, 1UL, gap.LastSequence - gap.FirstSequence + 1));
        }
    }

    [Fact]
    public void Meter_sums_what_is_missing_by_source_and_state_and_forgets_no_loss()
    {
        var name = $"metered {Guid.NewGuid():n}";
        var ledger = new GapLedger();
        ledger.Add(name, 1, 1, 10, GapState.Final, "evicted");
        ledger.Add(name, 1, 20, 24, GapState.Open, "a jump");
        ledger.Add(name, 2, 5, CoverageGap.UnknownEnd, GapState.Final, "no goodbye");
        for (var session = 10UL; session < 10 + GapLedger.MaxGaps; session++)
        {
            ledger.Add(name, session, 1, 1, GapState.Final, "evicted");
        }

        Assert.Equal((GapLedger.MaxGaps + 10L, 1L), (ledger.GetTotals().FinalRecords, ledger.GetTotals().UnknownEnds));
        var measured = new Dictionary<string, long>();
        var ends = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Name is "mev.ingest.gaps.records" or "mev.ingest.gaps.unknown_ends")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var read = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => tag.Value as string);
            if (instrument.Name == "mev.ingest.gaps.unknown_ends")
            {
                ends += value;
            }
            else if (read["source"] == name)
            {
                measured[read["state"]!] = value;
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.Equal(GapLedger.MaxGaps + 10L, measured["final"]);
        Assert.Equal(ledger.GetTotals().OpenRecords, measured["open"]);
        Assert.True(ends >= 1);
        GC.KeepAlive(ledger);
    }

    private static GapLedger Restored(ulong first, ulong last, ulong missing)
    {
        var ledger = new GapLedger();
        ledger.Register("engine");
        Assert.True(ledger.Restore(new RecordView(new Lsn(1), Record(first, last, missing, GapState.Open))));
        return ledger;
    }

    private static byte[] Record(ulong first, ulong last, ulong missing, GapState state)
    {
        var frame = new byte[GapView.GetFrameLength(0)];
        var record = new GapRecord { SessionId = 7, FirstSequence = first, LastSequence = last, SourceId = Source, State = state, MissingRecords = missing };
        GapView.Write(frame, 0, in record, []);
        return frame;
    }
}
