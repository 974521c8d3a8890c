using System.Text.Json;
using Mev.Sdk.DashboardHost.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Mev.Sdk.EndToEnd.Tests;

/// <summary>The feed's filters in a real browser: live, combined, and in the address.</summary>
[Trait("Needs", "Browser")]
public sealed class FeedFilterTests
{
    private static readonly LocatorAssertionsToHaveCountOptions Slow = new() { Timeout = 30_000 };
    private static readonly LocatorAssertionsToContainTextOptions SlowText = new() { Timeout = 30_000 };

    [Fact]
    public async Task Filters_live_in_the_address_are_combined_and_lead_to_the_history()
    {
        using var folder = new TemporaryFolder();
        await using var browser = await Browser.StartAsync(ColorScheme.Light);
        await using var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false");
        await host.StatsAsync("some rows", static s => s.GetProperty("transactions").GetInt64() > 600);
        var page = browser.Page;
        await page.GotoAsync(host.Client.BaseAddress!.ToString());
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live", new() { Timeout = 30_000 });
        await Expect(page.Locator("#clear")).ToBeHiddenAsync();

        // By keyboard: the fields are reached in order, each with a name.
        await page.Locator("#kind").FocusAsync();
        foreach (var next in (string[])["venue", "pair", "program", "payer", "q"])
        {
            await page.Keyboard.PressAsync("Tab");
            await Expect(page.Locator($"#{next}")).ToBeFocusedAsync();
        }

        await page.Locator("#kind").SelectOptionAsync("swap");
        await page.Locator("#venue").SelectOptionAsync(new SelectOptionValue { Label = "Raydium v4" });
        await page.WaitForURLAsync("**/?kind=swap&venue=1");
        await page.Locator("#pair").FillAsync("SOL");
        await page.WaitForURLAsync("**/?kind=swap&venue=1&pair=SOL");
        await Expect(page.Locator("#feed tr")).Not.ToHaveCountAsync(0, Slow);
        await Expect(page.Locator("#feed tr:not([data-kind='swap'])")).ToHaveCountAsync(0);

        // Raydium v4's program finds the same rows; it is what the venue is.
        await page.Locator("#program").FillAsync("675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8");
        await page.WaitForURLAsync("**&program=675k*");
        await Expect(page.Locator("#feed tr")).Not.ToHaveCountAsync(0, Slow);
        await browser.AssertCleanAsync("filtered");

        // A link to this view shows this view; Back and Forward walk through the choices.
        var shared = page.Url;
        await page.GotoAsync(shared);
        await Expect(page.Locator("#program")).ToHaveValueAsync("675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8");
        await Expect(page.Locator("#feed tr")).Not.ToHaveCountAsync(0, Slow);
        await page.Locator("#kind").SelectOptionAsync("vote");
        await page.WaitForURLAsync("**/?kind=vote*");
        await Expect(page.Locator("#feed-empty")).ToContainTextAsync("None of the latest transactions matches", SlowText);
        await page.GoBackAsync();
        await Expect(page.Locator("#kind")).ToHaveValueAsync("swap");
        await Expect(page.Locator("#feed tr")).Not.ToHaveCountAsync(0, Slow);

        // What can match nothing is said.
        await page.Locator("#payer").FillAsync("nobody");
        await Expect(page.Locator("#filter-problem")).ToContainTextAsync("payer is not a whole address", SlowText);
        await Expect(page.Locator("#payer")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Locator("#feed tr")).ToHaveCountAsync(0, Slow);
        await browser.AssertCleanAsync("a filter that matches nothing");
        await page.Locator("#payer").FillAsync(await PayerAsync(host));
        await Expect(page.Locator("#filter-problem")).ToBeHiddenAsync();

        // The history takes the same filters.
        await page.Locator("#history").ClickAsync();
        await page.WaitForURLAsync("**/transactions?kind=swap&venue=1&pair=SOL&program=*");
        await Expect(page.Locator("#history-rows tbody tr")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator("[data-note]").First).ToContainTextAsync("first swap");
        await page.GoBackAsync();
        await page.Locator("#clear").ClickAsync();
        await page.WaitForURLAsync("**/");
        await Expect(page.Locator("#feed tr")).Not.ToHaveCountAsync(0, Slow);

        await page.SetViewportSizeAsync(360, 780);
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 360);
        Assert.Empty(await page.EvaluateAsync<string[]>(Browser.UncuedTables));
        await browser.AssertCleanAsync("the feed on a phone");
    }

    /// <summary>However fast the market, a browser gets at most four updates a second and holds at most 200 rows; no animation moves for whoever wants none.</summary>
    [Fact]
    public async Task Fast_market_reaches_a_browser_at_most_four_times_a_second()
    {
        using var folder = new TemporaryFolder();
        await using var browser = await Browser.StartAsync(ColorScheme.Dark);
        await using var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false", "--Mev:Engine:TransactionsPerSecond=5000");
        await host.ReadyAsync();
        var page = browser.Page;
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        var updates = 0;
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => updates += frame.Text?.Contains("\"panels\"", StringComparison.Ordinal) == true ? 1 : 0;
        await page.GotoAsync(host.Client.BaseAddress!.ToString());
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live", new() { Timeout = 30_000 });
        var before = Volatile.Read(ref updates);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        var seconds = watch.Elapsed.TotalSeconds;
        Assert.InRange(Volatile.Read(ref updates) - before, 1, (int)(4 * seconds) + 4);
        Assert.InRange(await page.Locator("#feed tr").CountAsync(), 1, 200);
        Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('*')].every(e => e.getAnimations().length === 0)"));
    }

    private static async Task<string> PayerAsync(HostProcess host)
    {
        using var json = JsonDocument.Parse(await host.Client.GetStringAsync(new Uri("api/v1/transactions?limit=1000", UriKind.Relative), TestContext.Current.CancellationToken));
        return json.RootElement.EnumerateArray()
            .First(static row => row.GetProperty("firstSwap") is { ValueKind: JsonValueKind.Object } swap && swap.GetProperty("venue").GetString() == "Raydium v4")
            .GetProperty("payer").GetString()!;
    }
}
