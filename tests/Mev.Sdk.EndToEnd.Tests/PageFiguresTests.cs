using System.Globalization;
using Mev.Sdk.DashboardHost.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Mev.Sdk.EndToEnd.Tests;

/// <summary>What the main page costs a browser; the figures are printed, since a loaded machine's are no claim. Only what no load can change is asserted.</summary>
[Trait("Needs", "Browser")]
public sealed class PageFiguresTests
{
    private const string Observe = """
        window.longTasks = [];
        new PerformanceObserver(list => window.longTasks.push(...list.getEntries().map(e => e.duration))).observe({ type: 'longtask' });
        """;

    [Fact]
    public async Task Main_page_under_a_fast_market()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("MEV_LONG") == "1", "Set MEV_LONG=1 to measure the main page for a minute.");
        using var folder = new TemporaryFolder();
        await using var browser = await Browser.StartAsync(ColorScheme.Dark);
        await using var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false", "--Mev:Engine:TransactionsPerSecond=10000");
        await host.ReadyAsync();
        var page = browser.Page;
        var (updates, bytes) = (0, 0L);
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => (updates, bytes) = (updates + 1, bytes + (frame.Text?.Length ?? 0));
        await page.GotoAsync(host.Client.BaseAddress!.ToString());
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live", new() { Timeout = 30_000 });
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await page.EvaluateAsync(Observe);
        var (updatesBefore, bytesBefore, heapBefore) = (updates, bytes, await HeapAsync(page));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        var seconds = watch.Elapsed.TotalSeconds;
        var tasks = await page.EvaluateAsync<double[]>("window.longTasks");
        var (stats, heapAfter) = (await host.StatsAsync(), await HeapAsync(page));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{stats.GetProperty("transactionsPerSecond")} transactions/s; {(updates - updatesBefore) / seconds:0.00} messages/s of {(bytes - bytesBefore) / Math.Max(1, updates - updatesBefore) / 1000.0:0.0} kB; "
            + $"{tasks.Length} tasks over 50 ms in {seconds:0} s, longest {tasks.DefaultIfEmpty().Max():0} ms; JS heap {heapBefore / 1e6:0.0} to {heapAfter / 1e6:0.0} MB after collection"));
        Assert.InRange(await page.Locator("#feed tr").CountAsync(), 1, 200);
        Assert.InRange((updates - updatesBefore) / seconds, 0, 4.5);
    }

    private static async Task<double> HeapAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("HeapProfiler.collectGarbage");
        var usage = await session.SendAsync("Runtime.getHeapUsage");
        return usage!.Value.GetProperty("usedSize").GetDouble();
    }
}
