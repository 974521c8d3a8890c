using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Chain;

/// <summary>Decides which stages a slot and its neighbours have reached, and tells each once. Pure: knows no clock and no wire.</summary>
/// <remarks>docs/chain-sources.md, "Stages".</remarks>
internal static class SlotStages
{
    // Between two roots lie a few slots; a link over more is nothing to enumerate.
    private const ulong LongestRun = 4096;

    /// <summary>A node said how far a slot has come.</summary>
    /// <param name="book">What is known of the slots.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="parent">Its parent; 0 = not said.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="news">What is to be told, slots ascending within one cause; appended to.</param>
    public static void On(SlotBook book, ulong slot, ulong parent, SightingStage stage, List<SlotRecord> news)
    {
        if (slot <= book.Root && stage <= SightingStage.Finalized)
        {
            return;
        }

        if (book.Get(slot) is not { } state)
        {
            return;
        }

        if (parent != 0)
        {
            state.Parent = parent;
        }

        switch (stage)
        {
            case SightingStage.Finalized:
                Finalize(book, state, news);
                break;
            case SightingStage.Confirmed:
                Ancestors(book, state, SightingStage.Confirmed, news);
                break;
            default:
                Tell(state, stage, news);
                break;
        }
    }

    // What is final makes everything below it final, and whatever else happened there was a fork.
    private static void Finalize(SlotBook book, SlotState state, List<SlotRecord> news)
    {
        var path = Ancestors(book, state, SightingStage.Finalized, news);
        var complete = book.Root != 0 && path.Contains(book.Root);
        foreach (var other in book.Slots.Where(other => other.Slot < state.Slot && other.Slot > book.Root && !path.Contains(other.Slot)).ToArray())
        {
            // Without the whole path, a slot whose own news is still under way must not be called abandoned.
            if (complete && (other.HasBlock || other.Count > 0 || other.Stage is SightingStage.Processed or SightingStage.Confirmed))
            {
                Tell(other, SightingStage.Forked, news);
            }
        }

        if (complete && state.Slot - book.Root <= LongestRun)
        {
            for (var slot = book.Root + 1; slot < state.Slot; slot++)
            {
                if (!path.Contains(slot) && book.Get(slot) is { HasBlock: false, Count: 0, Stage: not SightingStage.Forked } skipped)
                {
                    Tell(skipped, SightingStage.Dropped, news);
                }
            }
        }

        book.Root = state.Slot;
    }

    private static HashSet<ulong> Ancestors(SlotBook book, SlotState state, SightingStage stage, List<SlotRecord> news)
    {
        var path = new HashSet<ulong> { state.Slot };
        var chain = new Stack<SlotState>();
        for (var at = state; at is not null && at.Slot > book.Root; at = at.Parent == 0 || at.Parent >= at.Slot ? null : book.Find(at.Parent))
        {
            chain.Push(at);
            path.Add(at.Slot);
            path.Add(at.Parent);
        }

        foreach (var at in chain)
        {
            Tell(at, stage, news);
        }

        return path;
    }

    private static void Tell(SlotState state, SightingStage stage, List<SlotRecord> news)
    {
        if (stage > state.Stage)
        {
            state.Stage = stage;
            news.Add(new SlotRecord { Slot = state.Slot, ParentSlot = state.Parent, Stage = stage });
        }
    }
}
