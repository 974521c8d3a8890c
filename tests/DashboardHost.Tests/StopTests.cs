using Mev.Sdk.DashboardHost.Tests.Support;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task Host_that_was_stopped_and_started_again_misses_nothing()
    {
        using var folder = new TemporaryFolder();
        string[] options = [$"--Mev:DataDirectory={folder.Combine("data")}", "--Mev:Engine:TransactionsPerSecond=300"];
        await using (var first = HostProcess.Start(folder.FullPath, options))
        {
            await first.StatsAsync("a thousand transactions", static s => s.GetProperty("transactions").GetInt64() > 1_000);
            await first.StopAsync();
        }

        // The embedded engine said goodbye before the sources stopped: its session is whole, and the next one is no sign of a loss.
        await using var second = HostProcess.Start(folder.FullPath, options);
        var later = await second.StatsAsync("the next session", static s => s.GetProperty("transactions").GetInt64() > 100);
        Assert.Equal(0, later.GetProperty("gaps").GetInt64());
    }
}
