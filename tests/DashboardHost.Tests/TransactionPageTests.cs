using System.Net;
using System.Text.Json;
using Mev.Sdk.DashboardHost.Tests.Support;
using Mev.Sdk.TestKit;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class TransactionPageTests
{
    private const string Absent = "3WHQZTKo8jj42w2MqDSnpDHPrgcRiiGpGMKVcntMNYYtjtYNvWTvStopEEqzLFctrYUFHTCaF39fCi7RYY6XpWds";

    [Fact]
    public async Task Pages_of_the_simulated_market_decode_search_and_explain_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false");
        await host.StatsAsync("some rows", static s => s.GetProperty("transactions").GetInt64() > 400);
        var swap = await SwapWithAPriceAsync(host);

        var page = await GetAsync(host, $"tx/{swap.GetProperty("signature")}");
        Assert.Contains("Made by the simulated market", page, StringComparison.Ordinal);
        Assert.Contains("id=\"swap-rows\"", page, StringComparison.Ordinal);
        Assert.Contains("id=\"balance-rows\"", page, StringComparison.Ordinal);
        Assert.Contains("setComputeUnitPrice", page, StringComparison.Ordinal);
        Assert.Contains("Program log", page, StringComparison.Ordinal);

        // A payer's transactions are exactly those that the rows name.
        var payer = swap.GetProperty("payer").GetString()!;
        var found = await GetAsync(host, $"transactions?kind=swap&payer={payer}&slot={swap.GetProperty("slot")}");
        Assert.Contains($"/tx/{swap.GetProperty("signature")}", found, StringComparison.Ordinal);
        Assert.DoesNotContain("data-kind=\"vote\"", found, StringComparison.Ordinal);
        Assert.Contains("keeps no list of called programs", await GetAsync(host, "transactions?program=JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4"), StringComparison.Ordinal);
        Assert.Contains("No stored transaction matches", await GetAsync(host, "transactions?payer=So11111111111111111111111111111111111111112"), StringComparison.Ordinal);
        Assert.Contains("rel=\"next\"", await GetAsync(host, "transactions?kind=all"), StringComparison.Ordinal);

        Assert.Contains("may have been sent before", await GetAsync(host, $"tx/{Absent}", HttpStatusCode.NotFound), StringComparison.Ordinal);
        Assert.Contains("64 bytes in base58", await GetAsync(host, "tx/nonsense", HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains($"/transactions?payer={payer}", await GetAsync(host, $"tx/{payer}", HttpStatusCode.BadRequest), StringComparison.Ordinal);

        using var response = await host.Client.GetAsync(new Uri($"tx?signature={swap.GetProperty("signature")}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.EndsWith($"/tx/{swap.GetProperty("signature")}", response.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_of_a_real_block_decode_every_transaction(bool asSource)
    {
        if (ChainData.File("solana/block-285000037.json") is not { } block)
        {
            Assert.Skip(ChainData.MissingReason);
            return;
        }

        using var folder = new TemporaryFolder();
        if (asSource)
        {
            File.Copy(block, Directory.CreateDirectory(folder.Combine("blocks")).FullName + "/block-285000037.json");
        }

        string[] arguments = asSource
            ? ["--Mev:Source=block-files", $"--Mev:Ingest:Solana:Files:Folder={folder.Combine("blocks")}"]
            : [$"--Mev:Replay:Path={block}", "--Mev:Replay:TransactionsPerSecond=100000"];
        await using var host = HostProcess.Start(folder.FullPath, ["--Mev:Training:Enabled=false", .. arguments]);
        await host.StatsAsync("the whole block", static s => s.GetProperty("transactions").GetInt64() == 557);

        var rows = await RowsAsync(host);
        Assert.Equal(557, rows.Length);
        foreach (var row in rows.Where(static (_, i) => i % 9 == 0))
        {
            var page = await GetAsync(host, $"tx/{row.GetProperty("signature")}");
            Assert.Contains("id=\"instruction-tree\"", page, StringComparison.Ordinal);
            Assert.Contains("id=\"balance-rows\"", page, StringComparison.Ordinal);
            Assert.Equal(row.GetProperty("kind").GetString() == "failed", page.Contains("id=\"failure\"", StringComparison.Ordinal));
            if (row.GetProperty("kind").GetString() is not "failed" and var kind)
            {
                // A failed one may show what it attempted.
                Assert.Equal(kind == "swap", page.Contains("id=\"swap-rows\"", StringComparison.Ordinal));
            }
        }

        // One that is known: ten swaps on Raydium, by instruction, with what they gave and got.
        var known = await GetAsync(host, "tx/59KnyyPh4HJUgzPidbWSSWrBB4bf2RWRaEqeAe3U3dNRSCDCzNh7yGKWk2YQf7p8V5ThvvBq3cvNPmDmHHQr1KTq");
        Assert.Contains("swapBaseIn", known, StringComparison.Ordinal);
        Assert.Contains("0.007258678 SOL", known, StringComparison.Ordinal);
        Assert.Contains("32,298 CU", known, StringComparison.Ordinal);
        Assert.Contains("The program says: Stale report", await GetAsync(host, "tx/2brXEUoNGL5HqqwtnJ3pjBXivyh18EA5Z9BKEzZ4wes2KTvgeREfX7zmNfkABJMrsGUzE4XsM2jF57L9YspGKjXt"), StringComparison.Ordinal);
        Assert.Contains("285,000,037", await GetAsync(host, "panels/stages"), StringComparison.Ordinal);
    }

    /// <summary>A swap whose payer set a price of a compute unit, as most of the market's but not all do: its fee is more than that of its signatures.</summary>
    private static async Task<JsonElement> SwapWithAPriceAsync(HostProcess host)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            var swaps = (await RowsAsync(host)).Where(static row => row.GetProperty("swapCount").GetInt32() > 0 && row.GetProperty("feeLamports").GetUInt64() % 5_000 != 0).ToArray();
            if (swaps.Length > 0)
            {
                return swaps[0];
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("The simulated market made no swap with a price of a compute unit in a minute.");
    }

    private static async Task<JsonElement[]> RowsAsync(HostProcess host)
    {
        using var json = JsonDocument.Parse(await host.Client.GetStringAsync(new Uri("api/v1/transactions?limit=1000", UriKind.Relative), TestContext.Current.CancellationToken));
        return [.. json.RootElement.Clone().EnumerateArray()];
    }

    private static async Task<string> GetAsync(HostProcess host, string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
