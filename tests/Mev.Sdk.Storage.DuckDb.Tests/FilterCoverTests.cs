namespace Mev.Sdk.Storage.DuckDb.Tests;

public sealed class FilterCoverTests
{
    [Fact]
    public void From_never_lies_before_a_sighting_that_the_filter_may_have_forgotten()
    {
        const int Window = 50;
        var random = new Random(1);
        var (filter, cover, stored, lsn) = (new SightingFilter(Window), new FilterCover(Window), new List<(ulong Lsn, int Number)>(), 1UL);
        for (int run = 0, number = 0; run < 200; run++)
        {
            var (first, added) = (lsn, 0);
            for (var count = random.Next(run % 20 == 0 ? 3 * Window : 12); count >= 0; count--, lsn++)
            {
                if (random.Next(4) > 0)
                {
                    Assert.True(filter.TryAdd(TestStore.Sign(number)));
                    stored.Add((lsn, number++));
                    added++;
                }
            }

            cover.Note(new Lsn(first), new Lsn(lsn - 1), added);

            // All sightings from there on are known, and it is worth asking: unless the last run alone was too large, some are.
            Assert.True(added > Window || cover.From <= new Lsn(first));
            foreach (var (_, known) in stored.Where(s => s.Lsn >= cover.From.Value))
            {
                Assert.False(filter.TryAdd(TestStore.Sign(known)));
            }
        }
    }
}
