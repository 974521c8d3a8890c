using Mev.Sdk.Features.Sets;
using Mev.Sdk.Records;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Features.Tests.Sets;

public sealed class TimeOrderedSplitTests
{
    [Fact]
    public async Task Create_parts_follow_each_other_with_a_label_window_between()
    {
        var set = await Build(rows: 1_000, rowsPerSlot: 2, window: 8);
        var split = TimeOrderedSplit.Create(set, 0.6, 0.2);

        Assert.Equal(0, split.Train.First);
        Assert.Equal(set.Count, split.Test.End);
        AssertApart(set, split.Train, split.Validation);
        AssertApart(set, split.Validation, split.Test);
        Assert.Equal(set.Count, split.Train.Count + split.Validation.Count + split.Test.Count + split.Purged);
        Assert.InRange(split.Purged, 2 * 8 * 2 - 4, (2 * 8 * 2) + 4);
    }

    [Fact]
    public async Task Create_set_too_short_for_the_purge_is_refused()
    {
        var set = await Build(rows: 30, rowsPerSlot: 2, window: 8);

        var error = Assert.Throws<ArgumentException>(() => TimeOrderedSplit.Create(set));

        Assert.Contains("too few to split", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(0.8, 0.2)]
    [InlineData(0.5, double.NaN)]
    public async Task Create_shares_that_leave_a_part_empty_are_refused(double train, double validation)
    {
        var set = await Build(rows: 100, rowsPerSlot: 1, window: 1);

        Assert.Throws<ArgumentException>(() => TimeOrderedSplit.Create(set, train, validation));
    }

    // The last slot at which an earlier part's label could still change is before the first slot of the later part.
    private static void AssertApart(TrainingSet set, RowRange earlier, RowRange later)
    {
        Assert.True(set.LsnAt(earlier.End - 1) < set.LsnAt(later.First));
        Assert.True(set.SlotAt(earlier.End - 1) + (ulong)set.LabelWindowSlots < set.SlotAt(later.First));
    }

    private static Task<TrainingSet> Build(int rows, int rowsPerSlot, int window)
    {
        var stream = new RecordStream();
        for (var i = 0; i < rows; i++)
        {
            stream.Add(Make.Transaction((ulong)i + 1, (ulong)(100 + (i / rowsPerSlot))));
        }

        stream.Add(new SlotRecord { Slot = 1_000_000 });
        return new TrainingSetBuilder(new TrainingSetOptions { LabelWindowSlots = window })
            .BuildAsync(stream.BatchesAsync(() => 16), cancellationToken: TestContext.Current.CancellationToken);
    }
}
