using Mev.Sdk.Ingest.Solana.Chain;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Tests.Chain;

public sealed class SlotStagesTests
{
    private readonly SlotBook _book = new(256);

    [Fact]
    public void Finality_reaches_ancestors_and_tells_forks_and_skipped_slots()
    {
        Blocks((10, 9), (11, 10), (12, 11), (13, 11), (15, 13));
        Assert.Equal([(10ul, SightingStage.Finalized)], Tell(10, SightingStage.Finalized));
        Assert.Equal(
            [(11, SightingStage.Finalized), (13, SightingStage.Finalized), (15, SightingStage.Finalized), (12, SightingStage.Forked), (14, SightingStage.Dropped)],
            Tell(15, SightingStage.Finalized));
    }

    [Fact]
    public void Without_the_whole_path_nothing_is_called_a_fork()
    {
        Blocks((10, 9), (12, 11), (15, 14));
        Tell(10, SightingStage.Finalized);
        Assert.Equal([(15ul, SightingStage.Finalized)], Tell(15, SightingStage.Finalized));
    }

    [Fact]
    public void A_stage_is_told_once_and_only_forward()
    {
        Blocks((10, 9), (11, 10));
        Assert.Equal([(10ul, SightingStage.Confirmed), (11, SightingStage.Confirmed)], Tell(11, SightingStage.Confirmed));
        Assert.Empty(Tell(11, SightingStage.Confirmed));
        Assert.Empty(Tell(11, SightingStage.Processed));
        Assert.Equal([(10ul, SightingStage.Finalized), (11, SightingStage.Finalized)], Tell(11, SightingStage.Finalized));
        Assert.Empty(Tell(10, SightingStage.Finalized));
    }

    [Fact]
    public void A_dead_slot_is_a_fork()
    {
        Assert.Equal([(10ul, SightingStage.Forked)], Tell(10, SightingStage.Forked));
    }

    [Fact]
    public void The_book_is_bounded_and_drops_what_is_too_old_to_tell()
    {
        for (var slot = 1000ul; slot < 3000; slot++)
        {
            Assert.True(_book.AddTransaction(slot, slot));
            Assert.False(_book.AddTransaction(slot, slot));
            Blocks((slot, slot - 1));
        }

        Assert.InRange(_book.Slots.Count(), 256, 258);
        Assert.False(_book.AddTransaction(1000, 5));
        Assert.Null(_book.Get(ulong.MaxValue));
        Assert.Equal(3000ul, _book.ResumeSlot);
        Assert.True(_book.AddTransaction(3001, 1));
        Assert.Equal(3000ul, _book.ResumeSlot);
    }

    private void Blocks(params (ulong Slot, ulong Parent)[] blocks)
    {
        foreach (var (slot, parent) in blocks)
        {
            _book.AddBlock(new BlockRecord { Slot = slot, ParentSlot = parent, Stage = SightingStage.Processed });
        }
    }

    private (ulong, SightingStage)[] Tell(ulong slot, SightingStage stage)
    {
        var news = new List<SlotRecord>();
        SlotStages.On(_book, slot, 0, stage, news);
        return [.. news.Select(record => (record.Slot, record.Stage))];
    }
}
