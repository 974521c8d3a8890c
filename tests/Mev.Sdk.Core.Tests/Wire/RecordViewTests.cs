using System.Buffers;
using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Tests.Wire;

public sealed class RecordViewTests
{
    [Fact]
    public void A_transaction_reads_back_what_was_written()
    {
        var frame = Frames.Transaction(4, swaps: 3, wireBytes: 301, metaBytes: 0);
        Assert.True(TransactionView.TryRead(new RecordView(new Lsn(9), frame), out var view));
        Assert.Equal(new Lsn(9), view.Lsn);
        Assert.Equal(285_000_041UL, view.Record.Slot);
        Assert.Equal(TransactionFlags.HasMeta, view.Record.Flags);
        Assert.Equal(3, view.Swaps.Length);
        Assert.All(view.Swaps.ToArray(), static s => Assert.Equal(VenueId.RaydiumV4, s.Venue));
        Assert.Equal(301, view.Wire.Length);
        Assert.True(view.Meta.IsEmpty);
    }

    [Fact]
    public void TryGetSlot_finds_the_slot_of_every_kind_that_has_one()
    {
        var buffer = new byte[1024];
        Check(TransactionView.Write(buffer, 1, new TransactionRecord { Slot = 11 }, [], [], []), 11);
        Check(OpportunityView.Write(buffer, 1, new OpportunityRecord { Slot = 12 }, []), 12);
        Check(OutcomeView.Write(buffer, 1, new OutcomeRecord { Slot = 13 }, []), 13);
        Check(BlockView.Write(buffer, 1, new BlockRecord { Slot = 14 }), 14);
        Check(AccountView.Write(buffer, 1, new AccountRecord { Slot = 15 }, []), 15);
        Check(NodeView.Write(buffer, 1, new NodeRecord { Slot = 16 }, [], [], []), 16);
        Check(StrategyView.Write(buffer, 1, new StrategyRecord { Slot = 17 }, [], []), 17);
        Check(SlotView.Write(buffer, 1, new SlotRecord { Slot = 18 }), 18);
        Check(LabelView.Write(buffer, 1, new LabelRecord { Slot = 19 }, [], []), 19);
        Check(SlotView.Write(buffer, 1, default), 0);
        Check(MetricView.Write(buffer, 1, new MetricRecord { Value = 20 }, "n"u8, []), 0);

        // An older writer's block may end before the slot.
        var length = TransactionView.Write(buffer, 1, new TransactionRecord { Slot = 21 }, [], [], []);
        MemoryMarshal.AsRef<FrameHeader>(buffer.AsSpan()).BlockLength = 8;
        Check(length, 0);

        void Check(int frameLength, ulong expected)
        {
            Assert.Equal(expected != 0, new RecordView(Lsn.None, buffer.AsSpan(0, frameLength)).TryGetSlot(out var slot));
            Assert.Equal(expected, slot);
        }
    }

    [Fact]
    public void A_record_is_not_read_as_another_kind()
    {
        var record = new RecordView(Lsn.None, Frames.Metric(1, "kind"));
        Assert.False(TransactionView.TryRead(record, out _));
        Assert.True(MetricView.TryRead(record, out var metric));
        Assert.Equal("kind", System.Text.Encoding.UTF8.GetString(metric.Name));
    }

    [Fact]
    public void Every_other_record_reads_back_what_was_written()
    {
        var buffer = new byte[1024];
        var length = OpportunityView.Write(buffer, 1, new OpportunityRecord { OpportunityId = 7, ExpectedProfitLamports = -3 }, "{}"u8);
        Assert.True(OpportunityView.TryRead(new RecordView(Lsn.None, buffer.AsSpan(0, length)), out var opportunity));
        Assert.Equal((7UL, -3L, 2), (opportunity.Record.OpportunityId, opportunity.Record.ExpectedProfitLamports, opportunity.Metadata.Length));

        length = OutcomeView.Write(buffer, 1, new OutcomeRecord { OpportunityId = 7, Status = OutcomeStatus.LostToRival }, "late"u8);
        Assert.True(OutcomeView.TryRead(new RecordView(Lsn.None, buffer.AsSpan(0, length)), out var outcome));
        Assert.Equal((OutcomeStatus.LostToRival, 4), (outcome.Record.Status, outcome.Reason.Length));

        length = BlockView.Write(buffer, 1, new BlockRecord { Slot = 5, TransactionCount = 557 });
        Assert.True(BlockView.TryRead(new RecordView(Lsn.None, buffer.AsSpan(0, length)), out var block));
        Assert.Equal((5UL, 557U), (block.Record.Slot, block.Record.TransactionCount));

        length = SlotView.Write(buffer, 1, new SlotRecord { Slot = 6, Stage = SightingStage.Finalized });
        Assert.True(SlotView.TryRead(new RecordView(Lsn.None, buffer.AsSpan(0, length)), out var slot));
        Assert.Equal((6UL, SightingStage.Finalized), (slot.Record.Slot, slot.Record.Stage));

        length = GapView.Write(buffer, 1, new GapRecord { FirstSequence = 3, LastSequence = 9, State = GapState.Final }, "restart"u8);
        Assert.True(GapView.TryRead(new RecordView(Lsn.None, buffer.AsSpan(0, length)), out var gap));
        Assert.Equal((3UL, 9UL, 7), (gap.Record.FirstSequence, gap.Record.LastSequence, gap.Reason.Length));

        ScoreEntry[] scores = [new() { TransactionLsn = 1, Score = 0.5f }, new() { TransactionLsn = 2, Score = 0.25f }];
        length = PredictionView.Write(buffer, 1, new PredictionRecord { FeatureSchemaHash = 11, Threshold = 0.5 }, scores, "v1"u8);
        Assert.True(PredictionView.TryRead(new RecordView(Lsn.None, buffer.AsSpan(0, length)), out var prediction));
        Assert.Equal((11UL, 2, 0.25f, 2), (prediction.Record.FeatureSchemaHash, prediction.Scores.Length, prediction.Scores[1].Score, prediction.ModelVersion.Length));
    }

    [Fact]
    public void A_shorter_block_of_an_older_writer_is_extended_with_zeros()
    {
        var current = Frames.Metric(2, "older");
        // The same message as a writer would send it that knew only the first field.
        byte[] older = [.. current[..(FrameHeader.Size + 8)], .. current[(FrameHeader.Size + 16)..]];
        MemoryMarshal.AsRef<FrameHeader>(older.AsSpan()).BlockLength = 8;
        MemoryMarshal.AsRef<FrameHeader>(older.AsSpan()).Length = (uint)older.Length;
        FrameWriter.Stamp(older, 2, 7);
        Assert.Equal(FrameError.None, FrameReader.Check(older));

        var rented = ArrayPool<byte>.Shared.Rent(older.Length);
        older.CopyTo(rented, 0);
        var batch = RecordBatch.Own(rented, older.Length, 1, default);
        foreach (var record in batch)
        {
            Assert.True(MetricView.TryRead(record, out var view));
            Assert.Equal(1.5, view.Record.Value);
            Assert.Equal(0UL, view.Record.TimeNanoseconds);
            Assert.Equal("older"u8, view.Name);
        }

        batch.Release();
    }

    [Fact]
    public void A_longer_block_and_longer_entries_of_a_newer_writer_are_read_by_their_prefix()
    {
        ScoreEntry[] scores = [new() { TransactionLsn = 1, Score = 0.5f }, new() { TransactionLsn = 2, Score = 0.25f }];
        var now = new byte[PredictionView.GetFrameLength(2, 2)];
        PredictionView.Write(now, 1, new PredictionRecord { FeatureSchemaHash = 11 }, scores, "v1"u8);
        const int Block = FrameHeader.Size + PredictionRecord.Size;
        var entries = now.AsSpan(Block + 8);
        byte[] added = [1, 2, 3, 4, 5, 6, 7, 8];
        byte[] newer = [.. now[..Block], .. added, .. now[Block..(Block + 8)], .. entries[..24], .. added, .. entries[24..48], .. added, .. entries[48..]];
        MemoryMarshal.AsRef<FrameHeader>(newer.AsSpan()).BlockLength += 8;
        MemoryMarshal.AsRef<FrameHeader>(newer.AsSpan()).Length = (uint)newer.Length;
        MemoryMarshal.AsRef<GroupDimension>(newer.AsSpan(Block + 8)).BlockLength += 8;
        FrameWriter.Stamp(newer, 1, 1);

        Assert.True(PredictionView.TryRead(new RecordView(Lsn.None, newer), out var view));
        Assert.Equal(11UL, view.Record.FeatureSchemaHash);
        Assert.Equal([0.5f, 0.25f], view.Scores.ToArray().Select(static s => s.Score));
        Assert.Equal("v1"u8, view.ModelVersion);
    }

    [Fact]
    public void Lengths_that_lead_outside_the_frame_are_refused_wherever_they_stand()
    {
        var frame = Frames.Transaction(1, swaps: 1, wireBytes: 10, metaBytes: 10);
        var group = FrameHeader.Size + TransactionRecord.Size;
        var wire = group + 8 + SwapEntry.Size;
        var meta = wire + 4 + 10;
        foreach (var (offset, value) in new[] { (group + 2, 0xFFFFu), (group, 0xFFFF_FFFFu), (group, 0xFFFF_0000u), (group, 0xFFFF_0007u), (wire, 0x7FFF_FFFFu), (wire, uint.MaxValue), (meta, 15u) })
        {
            var broken = frame.ToArray();
            MemoryMarshal.Write(broken.AsSpan(offset), value);
            FrameWriter.Stamp(broken, 1, 1);
            Assert.Equal(FrameError.None, FrameReader.Check(broken));
            Assert.False(TransactionView.TryRead(new RecordView(Lsn.None, broken), out _));
        }
    }

    [Fact]
    public void A_buffer_too_small_for_a_frame_is_refused_before_it_is_overrun()
    {
        var whole = Frames.Metric(1, "small");
        for (var length = 0; length < whole.Length; length++)
        {
            var buffer = new byte[length];
            Assert.Throws<ArgumentException>(() => MetricView.Write(buffer, 1, default, "small"u8, []));
        }
    }
}
