using EngineSimulator;
using Mev.Sdk.DashboardHost.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Mev.Sdk.EndToEnd.Tests;

/// <summary>The stages, the ledger and the control panel in a real browser.</summary>
[Trait("Needs", "Browser")]
public sealed class IngestPageTests
{
    private const string Secret = "a secret of this test alone";

    private static readonly LocatorAssertionsToHaveTextOptions Slow = new() { Timeout = 30_000 };
    private static readonly LocatorAssertionsToContainTextOptions SlowPart = new() { Timeout = 30_000 };
    private static readonly LocatorAssertionsToHaveCountOptions SlowCount = new() { Timeout = 30_000 };

    [Theory]
    [InlineData(ColorScheme.Dark)]
    [InlineData(ColorScheme.Light)]
    public async Task Update_is_applied_by_the_engine_and_shown(ColorScheme scheme)
    {
        using var folder = new TemporaryFolder();
        await using var browser = await Browser.StartAsync(scheme);
        await using var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false");
        await host.ReadyAsync();
        var page = browser.Page;
        await page.GotoAsync(new Uri(host.Client.BaseAddress!, "ingest").ToString());
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live", Slow);
        await Expect(page.Locator("[data-engine='engine']")).ToContainTextAsync("connected", SlowPart);
        await Expect(page.Locator("#ledger")).ToContainTextAsync("No gap since", SlowPart);
        await Expect(page.Locator("[data-strategy='engine/1'] [data-strategy-state]")).ToHaveTextAsync("enabled", Slow);
        await browser.AssertCleanAsync($"ingest, {scheme}");

        await SendAsync(page, "{\"enabled\":false,\"minimumProfitLamports\":75000}");
        await Expect(page.Locator("#answer")).ToContainTextAsync("Applied as revision 1", SlowPart);
        await Expect(page.Locator("tr[data-change='applied']")).ToContainTextAsync("viewer on this machine", SlowPart);
        await Expect(page.Locator("[data-strategy='engine/1'] [data-strategy-state]")).ToHaveTextAsync("disabled", Slow);
        await Expect(page.Locator("[data-strategy='engine/1']")).ToContainTextAsync("75000", SlowPart);

        await SendAsync(page, "{\"minimumProfit\":1}");
        await Expect(page.Locator("#answer")).ToContainTextAsync("there is no parameter 'minimumProfit'", SlowPart);
        await Expect(page.Locator("tr[data-change='rejected']")).ToHaveCountAsync(1, SlowCount);
        await SendAsync(page, "[]");
        await Expect(page.Locator("#answer")).ToContainTextAsync("no JSON object", SlowPart);
        await browser.AssertCleanAsync($"ingest after changes, {scheme}");

        await page.SetViewportSizeAsync(360, 780);
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 360);
        Assert.Empty(await page.EvaluateAsync<string[]>(Browser.UncuedTables));
        await browser.AssertCleanAsync($"ingest on a phone, {scheme}");

        await host.KillAsync();
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Stale", Slow);
        await Expect(page.Locator("#notice")).ToContainTextAsync("No update from the host");
        await browser.AssertCleanAsync($"ingest without a host, {scheme}");
    }

    [Fact]
    public async Task Gap_of_one_of_two_engines_appears_in_the_ledger()
    {
        using var folder = new TemporaryFolder();
        await using var browser = await Browser.StartAsync(ColorScheme.Dark);
        await using var market = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 50 });
        await using var jumper = new JumpingEngine();
        await using var host = HostProcess.Start(
            folder.FullPath,
            "--Mev:Training:Enabled=false",
            "--Mev:Ingest:Sources:0:Name=market", $"--Mev:Ingest:Sources:0:Endpoint={market.Endpoint}",
            "--Mev:Ingest:Sources:1:Name=jumper", $"--Mev:Ingest:Sources:1:Endpoint={jumper.Endpoint}");
        await host.ReadyAsync();
        var page = browser.Page;
        await page.GotoAsync(new Uri(host.Client.BaseAddress!, "ingest").ToString());

        await Expect(page.Locator("[data-engine='market']")).ToContainTextAsync("connected", SlowPart);
        await Expect(page.Locator("[data-engine='jumper']")).ToContainTextAsync("connected", SlowPart);
        var gap = page.Locator("#ledger tr[data-gap]");
        await Expect(gap).ToHaveCountAsync(1, SlowCount);
        await Expect(gap).ToContainTextAsync("jumper");
        await Expect(gap).ToContainTextAsync("4 – 9");

        // Open until the engine says that it no longer has them.
        await Expect(page.Locator("[data-engine='jumper'] :is([data-missing-open], [data-missing-final])", new() { HasTextString = "6" })).ToHaveCountAsync(1, SlowCount);
        await Expect(page.Locator("[data-engine='market'] [data-missing-final]")).ToHaveTextAsync("0", Slow);
        await Expect(page.Locator("[data-engine='jumper'] [data-malformed]")).ToHaveTextAsync("0", Slow);
        await Expect(page.Locator("[data-slots='market']")).ToHaveCountAsync(1, SlowCount);
        await browser.AssertCleanAsync("a gap");

        await page.Locator(".choice", new PageLocatorOptions { HasTextString = "Healed" }).ClickAsync();
        await page.WaitForURLAsync("**/ingest?state=healed");
        await Expect(page.Locator("#ledger")).ToContainTextAsync("No gap is in this state", SlowPart);
        await Expect(page.Locator("[data-strategy='market/1']")).ToHaveCountAsync(1, SlowCount);
        await Expect(page.Locator("#control-off")).ToHaveCountAsync(1, SlowCount);
        await Expect(page.Locator("#update button[type=submit]")).ToHaveCountAsync(0);
    }

    /// <summary>Writes the pictures of docs/; only when asked, since they change with every run.</summary>
    [Fact]
    public async Task Screenshot_of_the_ingest_page()
    {
        var target = Environment.GetEnvironmentVariable("MEV_SCREENSHOT_DIR");
        Assert.SkipUnless(Environment.GetEnvironmentVariable("MEV_UPDATE_SCREENSHOT") == "1", "Set MEV_UPDATE_SCREENSHOT=1 to write docs/images/ingest.png anew.");
        using var folder = new TemporaryFolder();
        await using var market = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 200 });
        await using var jumper = new JumpingEngine();
        await using var host = HostProcess.Start(
            folder.FullPath,
            "--Mev:Training:Enabled=false",
            $"Mev__Control__Secret={Secret}",
            "--Mev:Ingest:Sources:0:Name=market", $"--Mev:Ingest:Sources:0:Endpoint={market.Endpoint}",
            "--Mev:Ingest:Sources:1:Name=jumper", $"--Mev:Ingest:Sources:1:Endpoint={jumper.Endpoint}");
        await host.ReadyAsync();
        foreach (var (scheme, width, name) in ((ColorScheme, int, string)[])[(ColorScheme.Dark, 1440, "ingest.png"), (ColorScheme.Light, 1440, "ingest-light.png"), (ColorScheme.Light, 360, "ingest-phone.png")])
        {
            if (width == 360 && target is null)
            {
                continue;
            }

            await using var browser = await Browser.StartAsync(scheme);
            var page = browser.Page;
            await page.SetViewportSizeAsync(width, 1000);
            await page.GotoAsync(new Uri(host.Client.BaseAddress!, "ingest").ToString());
            await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live", Slow);
            await Expect(page.Locator("[data-strategy='market/1']")).ToHaveCountAsync(1, SlowCount);
            await SendAsync(page, scheme == ColorScheme.Dark ? "{\"minimumProfitLamports\":75000}" : "{\"minimumProfit\":1}");
            await Expect(page.Locator(".answer")).ToHaveCountAsync(1, SlowCount);
            await page.EvaluateAsync("document.fonts.ready");
            await page.EvaluateAsync("scrollTo(0, 0)");
            await Task.Delay(TimeSpan.FromSeconds(12), TestContext.Current.CancellationToken);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(target ?? Repository.Images(), name), FullPage = width == 360 });
        }
    }

    private static async Task SendAsync(IPage page, string json)
    {
        await page.Locator("#parameters").FillAsync(json);
        if (await page.Locator("#secret").CountAsync() > 0)
        {
            await page.Locator("#secret").FillAsync(Secret);
        }

        await page.Locator("#update button[type=submit]").ClickAsync();
    }
}
