using Mev.Sdk.DashboardHost.Tests.Support;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class TrainingTests
{
    [Fact]
    public async Task A_later_start_replaces_the_simulated_model_by_one_of_the_hosts_own_history()
    {
        using var folder = new TemporaryFolder();
        string[] options =
        [
            $"--Mev:DataDirectory={folder.Combine("data")}", "--Mev:Training:MinimumHistoryRows=2000", "--Mev:Training:SimulatedSlots=100",
            "--Mev:Engine:TransactionsPerSecond=300", "--Mev:Models:Set:LabelWindowSlots=2",
        ];
        string? stretch;
        await using (var first = HostProcess.Start(folder.FullPath, options))
        {
            var stats = await first.StatsAsync("scoring a few thousand transactions", static s =>
                s.GetProperty("modelState").GetString() == "ready" && s.GetProperty("transactions").GetInt64() > 4_500 && s.GetProperty("scored").GetInt64() > 0);
            stretch = stats.GetProperty("modelVersion").GetString();
            await first.KillAsync();
        }

        await using var second = HostProcess.Start(folder.FullPath, options);
        var later = await second.StatsAsync("scoring with another model", s =>
            s.GetProperty("modelState").GetString() == "ready" && s.GetProperty("modelVersion").GetString() != stretch);

        // The engine in it was killed too: what that had published last, nobody knows.
        Assert.Equal(1, later.GetProperty("gaps").GetInt64());
        Assert.Contains("on, end unknown", await second.Client.GetStringAsync(new Uri("panels/ledger", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var page = await second.Client.GetStringAsync(new Uri("panels/model", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("own history", page, StringComparison.Ordinal);
    }
}
