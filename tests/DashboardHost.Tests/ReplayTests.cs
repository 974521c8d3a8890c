using System.Text.Json;
using Mev.Sdk.DashboardHost.Tests.Support;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class ReplayTests
{
    private const int BlockTransactions = 557;
    private const int BlockVotes = 62;

    [Fact]
    public async Task Replay_killed_in_the_middle_and_run_twice_more_stores_each_signature_once()
    {
        if (ChainData.File("solana/block-285000037.json") is not { } block)
        {
            Assert.Skip(ChainData.MissingReason);
            return;
        }

        using var folder = new TemporaryFolder();
        await using (var cut = Start(folder, block, "100"))
        {
            await cut.StatsAsync("past the first hundred", static s => s.GetProperty("transactions").GetInt64() is > 100 and < BlockTransactions);
            await cut.KillAsync();
        }

        // The data directory, not the process, remembers: the second run completes the block, the third adds nothing.
        for (var run = 0; run < 2; run++)
        {
            await using var host = Start(folder, block, "2000");
            var stats = await host.StatsAsync("at the end of the stream", static s =>
                s.GetProperty("state").GetString() == "ended"
                && s.GetProperty("projectorLag").GetInt64() == 0
                && s.GetProperty("transactions").GetInt64() >= BlockTransactions);
            Assert.Equal(BlockTransactions, stats.GetProperty("transactions").GetInt64());
            Assert.Equal("replay", stats.GetProperty("mode").GetString());

            using var rows = JsonDocument.Parse(await host.Client.GetStringAsync(new Uri("api/v1/transactions?limit=1000", UriKind.Relative), TestContext.Current.CancellationToken));
            var signatures = rows.RootElement.EnumerateArray().Select(static r => r.GetProperty("signature").GetString()!).ToArray();
            Assert.Equal(BlockTransactions, signatures.Distinct(StringComparer.Ordinal).Count());
            Assert.Contains("3WHQZTKo8jj42w2MqDSnpDHPrgcRiiGpGMKVcntMNYYtjtYNvWTvStopEEqzLFctrYUFHTCaF39fCi7RYY6XpWds", signatures);
        }

        await using var simulated = HostProcess.Start(folder.FullPath, $"--Mev:DataDirectory={folder.Combine("data")}");
        Assert.NotEqual(0, await simulated.ExitAsync());
        Assert.Contains("data of the real chain", Assert.Single(simulated.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_that_ends_before_the_model_is_trained_is_scored_all_the_same()
    {
        if (ChainData.File("solana/block-285000037.json") is not { } block)
        {
            Assert.Skip(ChainData.MissingReason);
            return;
        }

        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(
            folder.FullPath, $"--Mev:Replay:Path={block}", "--Mev:Replay:TransactionsPerSecond=100000", "--Mev:Training:SimulatedSlots=200");
        var stats = await host.StatsAsync("scored", static s => s.GetProperty("scored").GetInt64() >= BlockTransactions - BlockVotes);
        Assert.Equal(BlockTransactions - BlockVotes, stats.GetProperty("scored").GetInt64());
    }

    private static HostProcess Start(TemporaryFolder folder, string block, string rate) => HostProcess.Start(
        folder.FullPath,
        $"--Mev:Replay:Path={block}",
        $"--Mev:Replay:TransactionsPerSecond={rate}",
        $"--Mev:DataDirectory={folder.Combine("data")}",
        "--Mev:Training:Enabled=false");
}
