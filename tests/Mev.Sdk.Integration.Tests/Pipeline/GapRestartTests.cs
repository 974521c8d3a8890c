using Mev.Sdk.Ingest;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Integration.Tests.Pipeline;

/// <summary>The gap ledger on the journal's own files, as a killed host leaves them.</summary>
public sealed class GapRestartTests : IDisposable
{
    private const ulong Session = 77;
    private static readonly uint Engine = SourceIds.FromName("engine");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Gap_healed_but_not_recorded_as_healed_is_asked_for_by_no_later_host()
    {
        var (lived, killed) = (_folder.Sub("lived"), _folder.Sub("killed"));
        await using (var journal = RecordJournal.Open(new JournalOptions { Directory = lived }))
        await using (var sequencer = new RecordSequencer([journal], journal))
        {
            var gaps = new GapLedger(sequencer);
            await WriteAsync(sequencer, 1, 3);
            gaps.Add("engine", Session, 4, 5, GapState.Open, "lost on the way");
            await UntilOwnRecordsAsync(journal, 1);
            await WriteAsync(sequencer, 6, 9);
            await WriteAsync(sequencer, 4, 5);
            await journal.FlushAsync(TestContext.Current.CancellationToken);

            // What is on the disk now is what a host that is killed here leaves: no seal, no record that says "healed".
            foreach (var file in Directory.GetFiles(lived).Where(static f => Path.GetFileName(f) != "writer.lock"))
            {
                File.Copy(file, Path.Combine(killed, Path.GetFileName(file)));
            }
        }

        for (var host = 1; host <= 2; host++)
        {
            await using var journal = RecordJournal.Open(new JournalOptions { Directory = killed });
            await using var sequencer = new RecordSequencer([journal], journal);
            var gaps = new GapLedger(sequencer);
            await gaps.RestoreAsync(journal, TestContext.Current.CancellationToken);
            var gap = Assert.Single(gaps.GetGaps());
            Assert.Equal((Session, 4UL, 5UL, GapState.Healed), (gap.SessionId, gap.FirstSequence, gap.LastSequence, gap.State));
            Assert.Equal(0, gaps.OpenCount);
            Assert.Contains(new SequenceRange(Engine, Session, 1, 9), journal.DurableRanges);
            Assert.Contains(new StreamPosition(Engine, Session, 9), journal.DurablePositions);

            // The first of them writes down what it found; the second has nothing to add.
            await UntilOwnRecordsAsync(journal, 2);
        }

        await using var last = RecordJournal.Open(new JournalOptions { Directory = killed });
        Assert.Contains(new StreamPosition(0, 0, 2), last.DurablePositions);
    }

    private static async Task WriteAsync(RecordSequencer sequencer, ulong first, ulong last)
    {
        var record = new SlotRecord { Slot = 1 };
        for (var sequence = first; sequence <= last; sequence++)
        {
            var frame = new byte[FrameSize.Of<SlotRecord>().Total];
            FrameWriter.Begin(frame, in record).Complete(sequence, 1);
            var batch = RecordBatch.Borrow([frame], 1, new StreamPosition(Engine, Session, sequence));
            await sequencer.WriteAsync(batch, TestContext.Current.CancellationToken);
            batch.Release();
        }
    }

    private static async Task UntilOwnRecordsAsync(RecordJournal journal, ulong count)
    {
        for (var i = 0; !journal.DurablePositions.Contains(new StreamPosition(0, 0, count)); i++)
        {
            Assert.True(i < 3000, "The gap's record did not become durable.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
