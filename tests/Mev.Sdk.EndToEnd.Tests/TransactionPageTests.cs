using System.Text.Json;
using Mev.Sdk.DashboardHost.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Mev.Sdk.EndToEnd.Tests;

/// <summary>The transaction's page and the history in a real browser.</summary>
[Trait("Needs", "Browser")]
public sealed class TransactionPageTests
{
    [Theory]
    [InlineData(ColorScheme.Dark)]
    [InlineData(ColorScheme.Light)]
    public async Task Transaction_is_read_copied_and_left_for_its_relations(ColorScheme scheme)
    {
        using var folder = new TemporaryFolder();
        await using var browser = await Browser.StartAsync(scheme);
        await using var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false");
        await host.StatsAsync("some rows", static s => s.GetProperty("transactions").GetInt64() > 600);
        var row = await SwapAsync(host);
        var (signature, payer) = (row.GetProperty("signature").GetString()!, row.GetProperty("payer").GetString()!);
        var page = browser.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GotoAsync(new Uri(host.Client.BaseAddress!, $"tx/{signature}").ToString());
        await Expect(page.Locator("#swap-rows tbody tr").First).ToBeVisibleAsync();
        await browser.AssertCleanAsync($"transaction, {scheme}");

        // Copying says so to everybody.
        await page.Locator(".page-head button[data-copy]").ClickAsync();
        await Expect(page.Locator("#copied")).ToHaveTextAsync($"Copied {signature}");
        Assert.Equal(signature, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));

        // The tree opens by keyboard, one step or all of them.
        await Expect(page.Locator("#instruction-tree details[open]")).ToHaveCountAsync(0);
        await page.Locator("#instruction-tree summary").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#instruction-tree details[open]")).ToHaveCountAsync(1);
        await page.Locator("[data-expand]").ClickAsync();
        await Expect(page.Locator("[data-expand]")).ToHaveTextAsync("Close all");
        await Expect(page.Locator("#instruction-tree details:not([open])")).ToHaveCountAsync(0);
        await Expect(page.Locator("#instruction-tree .steps .step").First).ToBeVisibleAsync();
        await browser.AssertCleanAsync($"transaction with all steps, {scheme}");
        await ExpectFitsAPhoneAsync(browser, $"transaction, {scheme}");

        await page.SetViewportSizeAsync(1280, 900);
        await page.Locator("a[href^='/transactions?payer=']").ClickAsync();
        await page.WaitForURLAsync($"**/transactions?payer={payer}");
        await Expect(page.Locator("#payer")).ToHaveValueAsync(payer);
        await Expect(page.Locator("#history-rows tbody tr")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator($"#history-rows tbody tr:not(:has(a[href='/transactions?payer={payer}']))")).ToHaveCountAsync(0);
        await browser.AssertCleanAsync($"history, {scheme}");
        await ExpectFitsAPhoneAsync(browser, $"history, {scheme}");

        await page.GotoAsync(new Uri(host.Client.BaseAddress!, "tx/nonsense").ToString());
        await Expect(page.Locator("h1")).ToHaveTextAsync("Not a signature");
        await page.Locator("#signature").FillAsync(signature);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/tx/{signature}");
    }

    /// <summary>Writes the picture of docs/; only when asked, since it changes with every run. The market is simulated.</summary>
    [Fact]
    public async Task Screenshot_of_the_transaction_page()
    {
        var target = Environment.GetEnvironmentVariable("MEV_SCREENSHOT_DIR");
        Assert.SkipUnless(Environment.GetEnvironmentVariable("MEV_UPDATE_SCREENSHOT") == "1", "Set MEV_UPDATE_SCREENSHOT=1 to write docs/images/transaction.png anew.");
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.FullPath);
        await host.StatsAsync("scoring", static s => s.GetProperty("scored").GetInt64() > 2_000);
        var signature = (await SwapAsync(host)).GetProperty("signature").GetString();
        foreach (var (scheme, width, name) in ((ColorScheme, int, string)[])
            [(ColorScheme.Dark, 1440, "transaction.png"), (ColorScheme.Light, 1440, "transaction-light.png"), (ColorScheme.Dark, 360, "transaction-phone-dark.png"), (ColorScheme.Light, 360, "transaction-phone.png")])
        {
            if (target is null && name != "transaction.png")
            {
                continue;
            }

            await using var browser = await Browser.StartAsync(scheme);
            await browser.Page.SetViewportSizeAsync(width, 1400);
            await browser.Page.GotoAsync(new Uri(host.Client.BaseAddress!, $"tx/{signature}").ToString());
            await Expect(browser.Page.Locator("#connection-text")).ToHaveTextAsync("Host ready", new() { Timeout = 30_000 });
            await browser.Page.EvaluateAsync("document.fonts.ready");
            await browser.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(target ?? Repository.Images(), name) });
        }
    }

    // Nothing is wider than the screen, and each table that is says so.
    private static async Task ExpectFitsAPhoneAsync(Browser browser, string state)
    {
        var page = browser.Page;
        await page.SetViewportSizeAsync(360, 780);
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 360);
        Assert.Empty(await page.EvaluateAsync<string[]>(Browser.UncuedTables));
        await browser.AssertCleanAsync($"{state}, on a phone");
    }

    // The newest transactions may not be projected yet; of those that are, the one with most legs tells most.
    private static async Task<JsonElement> SwapAsync(HostProcess host)
    {
        using var json = JsonDocument.Parse(await host.Client.GetStringAsync(new Uri("api/v1/transactions?limit=400", UriKind.Relative), TestContext.Current.CancellationToken));
        return json.RootElement.Clone().EnumerateArray().Where(static row => row.GetProperty("kind").GetString() == "swap").MaxBy(static row => row.GetProperty("swapCount").GetInt32());
    }
}
