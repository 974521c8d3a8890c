using System.Runtime.CompilerServices;
using Mev.Sdk.Features.Operators;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.Features.Tests.Operators;

public sealed class RecencyTableTests
{
    [Fact]
    public void Touch_full_table_forgets_the_key_touched_longest_ago()
    {
        var table = new RecencyTable<int>(3);
        table.Touch(Make.Key(1)) = 10;
        table.Touch(Make.Key(2)) = 20;
        table.Touch(Make.Key(3)) = 30;
        table.Touch(Make.Key(1))++;
        table.Touch(Make.Key(4)) = 40;

        Assert.Equal(11, table.Find(Make.Key(1)));
        Assert.True(Unsafe.IsNullRef(ref table.Find(Make.Key(2))));
        Assert.Equal(30, table.Find(Make.Key(3)));
        Assert.Equal(40, table.Find(Make.Key(4)));
        Assert.Equal(3, table.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    public void Touch_random_keys_behaves_as_a_list_ordered_by_touch(int capacity)
    {
        var random = new Random(capacity);
        var table = new RecencyTable<int>(capacity);
        var model = new List<(ulong Key, int Value)>();
        for (var i = 0; i < 5_000; i++)
        {
            var key = (ulong)random.Next(30);
            ref var found = ref table.Find(Make.Key(key));
            var at = model.FindIndex(m => m.Key == key);
            Assert.Equal(at < 0, Unsafe.IsNullRef(ref found));
            var value = at < 0 ? 0 : model[at].Value;
            if (at >= 0)
            {
                Assert.Equal(value, found);
                model.RemoveAt(at);
            }
            else if (model.Count == capacity)
            {
                model.RemoveAt(0);
            }

            model.Add((key, value + i));
            table.Touch(Make.Key(key)) += i;
        }
    }
}
