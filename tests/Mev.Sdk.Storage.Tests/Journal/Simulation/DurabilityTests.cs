using System.Globalization;

namespace Mev.Sdk.Storage.Tests.Journal.Simulation;

public sealed class DurabilityTests
{
    private static int Runs => Environment.GetEnvironmentVariable("MEV_LONG") == "1" ? 10_000 : 300;

    /// <summary>With and without encryption and retention, synced at each commit or each interval: all of that is drawn from the seed.</summary>
    [Fact]
    public async Task Nothing_announced_is_lost_and_nothing_appears_twice_whatever_the_disk_had_not_synced()
    {
        var only = Environment.GetEnvironmentVariable("MEV_SIMULATION_SEED");
        var (first, runs) = only is null ? (1, Runs) : (int.Parse(only, CultureInfo.InvariantCulture), 1);
        int losses = 0, removed = 0;
        for (var seed = first; seed < first + runs; seed++)
        {
            var run = new SimulatedRun(seed);
            try
            {
                await run.RunAsync();
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed} (repeat it with MEV_SIMULATION_SEED={seed}): {e}");
            }

            losses += run.Losses;
            removed += run.Removed;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{runs} runs, {losses} losses of power, {removed} segments retained away.");
        Assert.True(only is not null || (losses > runs && removed > runs / 10), $"The simulation is too kind: {losses} losses, {removed} segments removed.");
    }

    [Fact]
    public void Disk_that_loses_its_power_forgets_what_was_not_synced_and_nothing_else()
    {
        var (forgotten, kept) = (0, 0);
        for (var seed = 0; seed < 50; seed++)
        {
            var disk = new SimulatedDisk();
            using var file = disk.Open("/journal/a", FileMode.Create);
            file.Write(new byte[] { 1, 2, 3 }, 0);
            file.Flush();
            disk.SyncDirectory("/journal");
            file.Write(new byte[] { 9 }, 1);
            using var entry = disk.Open("/journal/b", FileMode.Create);
            entry.Flush();
            disk.LosePower();
            Assert.Throws<PowerLostException>(() => file.Flush());

            var after = disk.Restart(new Random(seed));
            var bytes = new byte[3];
            Assert.Equal(3, after.OpenRead("/journal/a").Read(bytes, 0));
            Assert.Equal((1, 3), (bytes[0], bytes[2]));
            _ = bytes[1] == 9 ? kept++ : forgotten++;
            _ = after.Exists("/journal/b") ? kept++ : forgotten++;
        }

        Assert.True(forgotten > 10 && kept > 10);
    }
}
