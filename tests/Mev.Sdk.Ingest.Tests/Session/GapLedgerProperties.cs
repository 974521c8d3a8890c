using FsCheck.Xunit;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Session;

public sealed class GapLedgerProperties
{
    private static readonly uint Source = SourceIds.FromName("engine");

    [Property(MaxTest = 300)]
    public void Ledger_agrees_with_a_state_a_sequence_and_so_does_one_restored_from_its_records((byte Kind, byte First, byte Width)[] operations)
    {
        var frames = new Appender();
        var ledger = new GapLedger(frames);
        var model = new SortedDictionary<ulong, GapState>();
        foreach (var (kind, first, width) in operations)
        {
            var last = first + (ulong)(width % 12);
            var state = (GapState)(kind % 3);
            if (kind % 5 == 0 || state == GapState.Open)
            {
                state = state == GapState.Healed ? GapState.Final : state;
                ledger.Add("engine", 7, first, last, state, "because");
                foreach (var sequence in EngineBytes.Range(first, last))
                {
                    model[sequence] = state;
                }
            }
            else
            {
                ledger.Resolve(Source, 7, [(first, last)], state, GapCause.Unanswered, "answered");
                foreach (var sequence in EngineBytes.Range(first, last).Where(sequence => model.GetValueOrDefault(sequence, GapState.Final) == GapState.Open))
                {
                    model[sequence] = state;
                }
            }

            Check(ledger, model);
        }

        Assert.Equal(ledger.GetGaps().Count(gap => gap.State == GapState.Open), ledger.OpenCount);
        var restored = new GapLedger();
        restored.Register("engine");
        foreach (var frame in frames.Frames)
        {
            Assert.True(restored.Restore(new RecordView(new Lsn(1), frame)));
        }

        Check(restored, model);
    }

    [Fact]
    public void Log_lines_are_capped_and_say_how_many_were_left_out()
    {
        var time = new FakeTimeProvider();
        var logger = new ListLogger<GapLedger>();
        var ledger = new GapLedger(timeProvider: time, logger: logger);
        for (var i = 1UL; i <= 100; i++)
        {
            ledger.Add("engine", 1, i * 2, i * 2, GapState.Open, "a jump.");
        }

        Assert.Equal(10, logger.Entries.Count);
        time.Advance(TimeSpan.FromSeconds(1));
        ledger.Resolve(Source, 1, [(1, 300)], GapState.Final, GapCause.Unanswered, "no answer.");
        Assert.Contains(logger.Entries, entry => entry.Text.StartsWith("90 changes", StringComparison.Ordinal));
        Assert.Equal(20, logger.Entries.Count(entry => entry.Text.Contains("records", StringComparison.Ordinal)));
        Assert.All(logger.Entries, entry => Assert.Equal(LogLevel.Warning, entry.Level));
    }

    [Fact]
    public void Sessions_beyond_what_memory_holds_let_the_oldest_go()
    {
        var time = new FakeTimeProvider();
        var ledger = new GapLedger(timeProvider: time);
        for (var session = 1UL; session <= GapLedger.MaxGaps + 5; session++)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            ledger.Add("engine", session, 1, 1, GapState.Open, "");
        }

        Assert.Equal(GapLedger.MaxGaps + 5, ledger.GapCount);
        Assert.Equal(GapLedger.MaxGaps, ledger.OpenCount);
        Assert.Equal((6UL, GapLedger.MaxGaps + 5UL), (ledger.GetGaps()[0].SessionId, ledger.GetGaps()[^1].SessionId));
    }

    [Fact]
    public async Task Damaged_log_still_shows_its_holes()
    {
        var logger = new ListLogger<GapLedger>();
        var ledger = new GapLedger(logger: logger);
        ledger.Register("engine");
        await ledger.RestoreAsync(new DamagedLog(), TestContext.Current.CancellationToken);
        var gap = Assert.Single(ledger.GetGaps());
        Assert.Equal(("engine", 5UL, 9UL, GapState.Open), (gap.SourceName, gap.FirstSequence, gap.LastSequence, gap.State));
        Assert.Contains(logger.Entries, entry => entry.Level == LogLevel.Error);
    }

    private static void Check(GapLedger ledger, SortedDictionary<ulong, GapState> model)
    {
        var gaps = ledger.GetGaps().OrderBy(gap => gap.FirstSequence).ToArray();
        Assert.Equal(model, gaps.SelectMany(gap => EngineBytes.Range(gap.FirstSequence, gap.LastSequence).Select(sequence => KeyValuePair.Create(sequence, gap.State))));
        Assert.All(gaps, gap => Assert.Equal(gap.LastSequence - gap.FirstSequence + 1, gap.MissingRecords));
    }

    private sealed class Appender : IRecordAppender
    {
        public List<byte[]> Frames { get; } = [];

        public bool TryAppend(ReadOnlySpan<byte> frame)
        {
            Frames.Add(frame.ToArray());
            return true;
        }
    }

    private sealed class DamagedLog : IRecordLog
    {
        public Lsn NextLsn => new(100);

        public Lsn DurableLsn => new(99);

        public IReadOnlyList<StreamPosition> DurablePositions => [new(Source, 3, 12)];

        public IReadOnlyList<SequenceRange> DurableRanges => [new(Source, 3, 1, 4), new(Source, 3, 10, 12)];

        public async IAsyncEnumerable<RecordBatch> ReadAsync(
            Lsn from, bool follow, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            if (DurableLsn != Lsn.None)
            {
                throw new InvalidDataException("segment 3, byte 4096: wrong checksum.");
            }

            yield break;
        }
    }
}
