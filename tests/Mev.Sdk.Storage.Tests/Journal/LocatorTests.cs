using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mev.Sdk.Storage.Journal;

namespace Mev.Sdk.Storage.Tests.Journal;

public sealed class LocatorTests
{
    /// <summary>Whatever the order of values: nothing wanted lies before the answer, and the answer is early by less than a step of values.</summary>
    [Property(MaxTest = 500)]
    public Property Answer_is_never_too_late_and_early_by_less_than_a_step() => Prop.ForAll(
        Gen.Choose(0, 60).ListOf(25).Zip(Gen.Choose(1, 9)).ToArbitrary(),
        static sample =>
        {
            var (values, step) = sample;
            var index = new FirstReached((ulong)step);
            for (var i = 0; i < values.Count; i++)
            {
                index.Add((ulong)values[i], new Lsn((ulong)i + 1));
            }

            var greatest = values.Append(0).Max();
            for (var wanted = 1; wanted <= 61; wanted++)
            {
                var found = index.TryFind((ulong)wanted, (ulong)greatest, out var lsn);
                var first = values.ToList().FindIndex(v => v >= wanted);
                if (found != first >= 0 || (found && (lsn.Value > (ulong)first + 1 || values.Skip((int)lsn.Value - 1).First() <= wanted - step)))
                {
                    return false;
                }
            }

            return true;
        });

    [Fact]
    public async Task Slot_and_time_are_found_before_and_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (var journal = RecordJournal.Open(JournalHarness.Options(folder.Path)))
        {
            Assert.False(journal.TryFindSlot(1, out _));
            await journal.WriteAsync(3000);
            await CheckAsync(journal);

            // Healed records of old slots change nothing.
            await journal.WriteAsync(100, firstSequence: 200, source: 9);
            await CheckAsync(journal);
        }

        await using var again = RecordJournal.Open(JournalHarness.Options(folder.Path));
        await CheckAsync(again);
    }

    // Sequence n is of slot 1000 + n / 100 and of time 5.
    private static async Task CheckAsync(RecordJournal journal)
    {
        foreach (var slot in new ulong[] { 1, 1000, 1001, 1017, 1030 })
        {
            Assert.True(journal.TryFindSlot(slot, out var from));
            var first = await journal.ReadAllAsync(from);
            var wanted = Math.Max(1, (slot < 1000 ? 0 : slot - 1000) * 100);
            Assert.InRange(first[0].Position.Sequence, wanted > 40 ? wanted - 40 : 1, wanted);
        }

        Assert.False(journal.TryFindSlot(1031, out _));
        Assert.True(journal.TryFindTime(5, out var begin));
        Assert.Equal(Lsn.Create(0, 1), begin);
        Assert.False(journal.TryFindTime(2_000_000_000, out _));
    }
}
