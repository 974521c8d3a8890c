using EngineSimulator;
using Mev.Sdk.DashboardHost.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Mev.Sdk.EndToEnd.Tests;

[Trait("Needs", "Browser")]
public sealed class DashboardTests
{
    private static readonly LocatorAssertionsToHaveTextOptions Slow = new() { Timeout = 30_000 };

    [Theory]
    [InlineData(ColorScheme.Dark)]
    [InlineData(ColorScheme.Light)]
    public async Task Page_shows_live_numbers_pauses_and_filters(ColorScheme scheme)
    {
        using var folder = new TemporaryFolder();
        await using var browser = await Browser.StartAsync(scheme);
        await using var host = HostProcess.Start(folder.FullPath);
        await host.ReadyAsync();
        var page = browser.Page;
        await page.GotoAsync(host.Client.BaseAddress!.ToString());
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live", Slow);
        await Expect(page.Locator("#mode")).ToHaveTextAsync("Simulated data");
        await NumberRisesAsync(browser, "transactions");
        await Expect(page.Locator("#chart-empty")).ToBeHiddenAsync();
        // A model is trained first, beside whatever else the machine does; when that takes too long the host's own words are in the message.
        await host.StatsAsync("scoring", static s => s.GetProperty("scored").GetInt64() > 0);
        await Expect(page.Locator("[data-tile='scored'] [data-value]")).Not.ToHaveTextAsync("0", new() { Timeout = 120_000 });
        await Expect(page.Locator("#model")).ToContainTextAsync("simulated stretch", new() { Timeout = 10_000 });
        Assert.InRange(await page.Locator("#feed tr").CountAsync(), 1, 200);
        await browser.AssertCleanAsync($"live, {scheme}");

        await CheckPauseAsync(browser, scheme);
        await CheckFilterAsync(browser);
        await CheckThemeAsync(browser, scheme);
        await CheckTransactionAsync(browser, scheme);
    }

    [Fact]
    public async Task Page_says_when_the_engine_and_the_host_are_gone_and_recovers()
    {
        using var folder = new TemporaryFolder();
        await using var browser = await Browser.StartAsync(ColorScheme.Dark);
        var engine = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 50 });
        var endpoint = engine.LocalEndPoint;
        await using var host = HostProcess.Start(folder.FullPath, $"--Mev:Engine:Endpoint={engine.Endpoint}", "--Mev:Training:Enabled=false");
        try
        {
            await host.ReadyAsync();
            var page = browser.Page;
            await page.GotoAsync(host.Client.BaseAddress!.ToString());
            var state = page.Locator("#connection-text");
            await Expect(state).ToHaveTextAsync("Live", Slow);

            await engine.DisposeAsync();
            await Expect(state).ToHaveTextAsync("Disconnected", Slow);
            await Expect(page.Locator(".panel-feed [data-stale]")).ToContainTextAsync("stale since");
            await browser.AssertCleanAsync("engine gone");

            engine = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 50, Listen = endpoint });
            await Expect(state).ToHaveTextAsync("Live", Slow);
            await Expect(page.Locator(".panel-feed [data-stale]")).ToBeEmptyAsync();

            await host.KillAsync();
            await Expect(state).ToHaveTextAsync("Disconnected", Slow);
            await Expect(page.Locator("#notice")).ToContainTextAsync("Dashboard host unreachable");
        }
        finally
        {
            await engine.DisposeAsync();
        }
    }

    /// <summary>Writes the README's picture; only when asked, since it changes with every run.</summary>
    [Fact]
    public async Task Screenshot_of_the_main_page()
    {
        var target = Environment.GetEnvironmentVariable("MEV_SCREENSHOT_DIR");
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("MEV_UPDATE_SCREENSHOT") == "1", "Set MEV_UPDATE_SCREENSHOT=1 to write docs/images/dashboard.png anew.");
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.FullPath);
        await host.ReadyAsync();
        await host.StatsAsync("scoring", static s => s.GetProperty("scored").GetInt64() > 0);
        await Task.Delay(TimeSpan.FromSeconds(100), TestContext.Current.CancellationToken);
        foreach (var (scheme, name) in ((ColorScheme, string)[])[(ColorScheme.Dark, "dashboard.png"), (ColorScheme.Light, "dashboard-light.png")])
        {
            await using var browser = await Browser.StartAsync(scheme);
            await browser.Page.GotoAsync(host.Client.BaseAddress!.ToString());
            await Expect(browser.Page.Locator("#connection-text")).ToHaveTextAsync("Live", Slow);
            await browser.Page.EvaluateAsync("document.fonts.ready");
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            await browser.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(target ?? Repository.Images(), name) });
        }
    }

    private static async Task CheckPauseAsync(Browser browser, ColorScheme scheme)
    {
        var page = browser.Page;
        await page.Locator("#pause").ClickAsync();
        await Expect(page.Locator("#pause-text")).ToHaveTextAsync("Resume");
        var first = await page.Locator("#feed tr").First.TextContentAsync();
        await NumberRisesAsync(browser, "transactions");
        Assert.Equal(first, await page.Locator("#feed tr").First.TextContentAsync());
        await Expect(page.Locator("#pause-note")).ToContainTextAsync("transactions since");
        await Expect(page.Locator("#pause-note")).Not.ToContainTextAsync(" 0 transactions");
        await browser.AssertCleanAsync($"paused, {scheme}");
        await page.Locator("#pause").ClickAsync();
        await Expect(page.Locator("#pause-note")).ToBeHiddenAsync();
        await Expect(page.Locator("#feed tr").First).Not.ToHaveTextAsync(first!);
    }

    private static async Task CheckFilterAsync(Browser browser)
    {
        var page = browser.Page;
        await page.Locator("#kind").SelectOptionAsync("vote");
        await page.WaitForURLAsync("**/?kind=vote");
        await Expect(page.Locator("#feed tr:not([data-kind='vote'])")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.Locator("#kind")).ToHaveValueAsync("vote");
        await page.Locator("#kind").SelectOptionAsync("all");
        await page.WaitForURLAsync("**/");
    }

    private static async Task CheckThemeAsync(Browser browser, ColorScheme scheme)
    {
        var page = browser.Page;
        var background = await BackgroundAsync(page);
        await page.Locator("#theme").ClickAsync();
        var other = await BackgroundAsync(page);
        Assert.NotEqual(background, other);
        await page.ReloadAsync();
        Assert.Equal(other, await BackgroundAsync(page));
        Assert.Equal(scheme == ColorScheme.Dark ? "mev-light" : "mev-dark", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live", Slow);
    }

    private static async Task CheckTransactionAsync(Browser browser, ColorScheme scheme)
    {
        var page = browser.Page;
        await page.Locator("#kind").SelectOptionAsync("swap");
        await page.Locator("#pause").ClickAsync();

        // Rows follow the journal by a moment; the oldest row in view is stored for certain.
        await page.Locator("#feed tr .sig a").Last.ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Transaction");
        await Expect(page.Locator("table.rows tbody tr").First).ToBeVisibleAsync();
        await browser.AssertCleanAsync($"transaction page, {scheme}");
    }

    private static async Task NumberRisesAsync(Browser browser, string tile)
    {
        var before = await browser.TileNumberAsync(tile);
        for (var i = 0; i < 100; i++)
        {
            await Task.Delay(200);
            if (before > 0 && await browser.TileNumberAsync(tile) > before)
            {
                return;
            }

            before = before == 0 ? await browser.TileNumberAsync(tile) : before;
        }

        Assert.Fail($"The tile '{tile}' stayed at {before} for 20 s.");
    }

    private static Task<string> BackgroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor");
}
