using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Tests.Tiers;

public sealed class TierPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TierPolicy Policy = new();

    [Theory]
    [InlineData(29.9, HistoryTier.Hot, false)]
    [InlineData(30, HistoryTier.Hot, true)]
    [InlineData(30, HistoryTier.Warm, false)]
    [InlineData(364.9, HistoryTier.Warm, false)]
    [InlineData(365, HistoryTier.Warm, true)]
    [InlineData(5000, HistoryTier.Cold, false)]
    public void Partition_is_due_at_its_age(double days, HistoryTier tier, bool isDue) =>
        Assert.Equal(isDue, Policy.Plan([Recent, Facts(1, days, tier)], Now).Count == 1);

    [Fact]
    public void Oldest_goes_first_and_what_must_wait_says_why()
    {
        var plan = Policy.Plan(
            [
                Recent,
                Facts(5, 31, HistoryTier.Hot),
                Facts(4, 40, HistoryTier.Hot) with { IsPinned = true },
                Facts(3, 50, HistoryTier.Hot) with { IsRooted = false },
                Facts(2, 31.5, HistoryTier.Hot) with { OpenOutcomes = 3 },
                Facts(6, 33, HistoryTier.Hot) with { OpenOutcomes = 3 },
                Facts(1, 400, HistoryTier.Warm) with { IsArchived = false },
                Facts(7, 1, HistoryTier.Hot) with { Newest = null },
                Facts(8, 90, HistoryTier.Hot) with { Rows = 0 },
            ],
            Now);
        Assert.Equal([1L, 3, 4, 6, 2, 5, 7], plan.Select(static move => move.Partition.Day));
        Assert.Equal([6L, 5], plan.Where(static move => move.IsReady).Select(static move => move.Partition.Day));
        Assert.Contains("archive", plan[0].HeldBy, StringComparison.Ordinal);
        Assert.Contains("final", plan[1].HeldBy, StringComparison.Ordinal);
        Assert.Contains("pinned", plan[2].HeldBy, StringComparison.Ordinal);
        Assert.Contains("3 opportunities have no outcome yet; it waits 12 h", plan[4].HeldBy, StringComparison.Ordinal);
        Assert.Contains("when", plan[6].HeldBy, StringComparison.Ordinal);
    }

    [Fact]
    public void Clock_that_jumps_moves_nothing_early()
    {
        PartitionFacts[] facts = [Recent, Facts(2, 27.5, HistoryTier.Hot), Facts(1, 30.5, HistoryTier.Hot), Facts(0, 100, HistoryTier.Warm)];
        Assert.Equal([1L], Due(Now));
        Assert.Equal([1L], Due(Now.AddYears(10)));
        Assert.Empty(Due(Now.AddYears(-10)));

        IEnumerable<long> Due(DateTimeOffset now) => Policy.Plan(facts, now).Select(static move => move.Partition.Day);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var thrown = Assert.Throws<ArgumentException>(() => new TierPolicy(new TierPolicyOptions { HotDays = 0, WarmDays = 0, OutcomePatience = TimeSpan.FromDays(-1) }));
        foreach (var key in new[] { "HotDays", "WarmDays", "OutcomePatience" })
        {
            Assert.Contains($"Mev:Storage:Tiers:Policy:{key} is", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(215_999, 0)]
    [InlineData(216_000, 1)]
    [InlineData(ulong.MaxValue, 85_401_592_933_840)]
    public void Slot_is_in_the_partition_that_spans_it(ulong slot, long day)
    {
        var partition = TierPartition.OfSlot(slot);
        Assert.Equal(day, partition.Day);
        Assert.True(partition.First <= slot && slot <= partition.Last);
        Assert.True(TierPartition.TryParse(partition.ToString(), out var read));
        Assert.Equal(partition, read);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, -1)]
    [InlineData(86_400_000_000, 1)]
    [InlineData(-86_400_000_000, -1)]
    [InlineData(long.MinValue, -106_751_992)]
    public void Instant_is_in_the_partition_that_spans_it(long microseconds, long day)
    {
        var partition = TierPartition.OfTime(microseconds);
        Assert.Equal(day, partition.Day);
        Assert.True(partition.First <= microseconds && microseconds <= partition.Last);
        Assert.True(TierPartition.TryParse(partition.ToString(), out var read));
        Assert.Equal(partition, read);
        Assert.False(TierPartition.TryParse("slot-", out _));
        Assert.False(TierPartition.TryParse("day-1", out _));
    }

    private static PartitionFacts Recent => Facts(1000, 0, HistoryTier.Hot);

    private static PartitionFacts Facts(long day, double age, HistoryTier tier) => new()
    {
        Partition = new TierPartition(HistoryRange.Slot, day),
        Tier = tier,
        Rows = 10,
        Newest = Now.AddDays(-age),
        IsArchived = true,
    };
}
