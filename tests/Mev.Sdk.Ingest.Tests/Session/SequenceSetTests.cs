using FsCheck.Xunit;
using Mev.Sdk.Ingest.Session;

namespace Mev.Sdk.Ingest.Tests.Session;

public sealed class SequenceSetTests
{
    [Property(MaxTest = 500)]
    public void Operations_agree_with_a_set_of_numbers((bool Adds, byte First, byte Width)[] operations)
    {
        var set = new SequenceSet();
        var model = new SortedSet<ulong>();
        foreach (var (adds, first, width) in operations)
        {
            var last = first + (ulong)(width % 16);
            var range = Numbers(first, last).ToArray();
            if (adds)
            {
                set.Add(first, last);
                model.UnionWith(range);
            }
            else
            {
                Assert.Equal(range.Where(model.Contains), set.Remove(first, last).SelectMany(part => Numbers(part.First, part.Last)));
                model.ExceptWith(range);
            }

            Assert.Equal(model, set.Ranges.SelectMany(part => Numbers(part.First, part.Last)));
            Assert.Equal(range.Where(model.Contains), set.Within(first, last).SelectMany(part => Numbers(part.First, part.Last)));
            Assert.Equal(range.Where(number => !model.Contains(number)), set.Missing(first, last).SelectMany(part => Numbers(part.First, part.Last)));
            Assert.All(range, number => Assert.Equal(model.Contains(number), set.Contains(number)));
            Assert.All(set.Ranges.Zip(set.Ranges.Skip(1)), pair => Assert.True(pair.First.Last + 1 < pair.Second.First));
            Assert.Equal(model.Max, set.Max);
        }
    }

    [Fact]
    public void Edges_of_the_numbers_do_not_overflow()
    {
        var set = new SequenceSet();
        set.Add(0, ulong.MaxValue);
        Assert.Equal([(0UL, ulong.MaxValue)], set.Ranges);
        Assert.Empty(set.Missing(0, ulong.MaxValue));
        Assert.Equal([(5UL, 5UL)], set.Remove(5, 5));
        Assert.Equal([(0UL, 4UL), (6UL, ulong.MaxValue)], set.Remove(0, ulong.MaxValue));
        Assert.True(set.IsEmpty);
        set.Add(ulong.MaxValue, ulong.MaxValue);
        set.Add(ulong.MaxValue - 1, ulong.MaxValue - 1);
        Assert.Equal([(ulong.MaxValue - 1, ulong.MaxValue)], set.Ranges);
        set.Clear();
        Assert.True(set.IsEmpty);
    }

    private static IEnumerable<ulong> Numbers(ulong first, ulong last)
    {
        for (var at = first; at <= last; at++)
        {
            yield return at;
        }
    }
}
