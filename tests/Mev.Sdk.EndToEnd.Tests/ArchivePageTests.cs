using Mev.Sdk.DashboardHost.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Mev.Sdk.EndToEnd.Tests;

/// <summary>The archive's page in a real browser.</summary>
[Trait("Needs", "Browser")]
public sealed class ArchivePageTests
{
    private static readonly LocatorAssertionsToHaveTextOptions Slow = new() { Timeout = 30_000 };
    private static readonly LocatorAssertionsToContainTextOptions SlowPart = new() { Timeout = 30_000 };

    [Theory]
    [InlineData(ColorScheme.Dark)]
    [InlineData(ColorScheme.Light)]
    public async Task Objects_appear_as_they_are_sealed(ColorScheme scheme)
    {
        using var folder = new TemporaryFolder();
        await using var browser = await Browser.StartAsync(scheme);
        await using var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false", "--Mev:Storage:Archive:MaxDelay=00:00:03");
        await host.ReadyAsync();
        var page = browser.Page;
        await page.GotoAsync(new Uri(host.Client.BaseAddress!, "archive").ToString());
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Live", Slow);
        await Expect(page.Locator("#archive-objects tr[data-object]").First).ToContainTextAsync("×", SlowPart);
        await browser.AssertCleanAsync($"archive, {scheme}");
        if (scheme == ColorScheme.Dark && Environment.GetEnvironmentVariable("MEV_UPDATE_SCREENSHOT") == "1")
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Images(), "archive.png") });
        }

        await page.SetViewportSizeAsync(360, 780);
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 360);
        Assert.Empty(await page.EvaluateAsync<string[]>(Browser.UncuedTables));
        await browser.AssertCleanAsync($"archive on a phone, {scheme}");

        await host.KillAsync();
        await Expect(page.Locator("#connection-text")).ToHaveTextAsync("Stale", Slow);
        await browser.AssertCleanAsync($"archive without a host, {scheme}");
    }
}
