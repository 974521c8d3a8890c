using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Mev.Sdk.EndToEnd.Tests;

/// <summary>A headless Chromium with one page that remembers every policy violation and script error.</summary>
internal sealed class Browser : IAsyncDisposable
{
    /// <summary>Script: captions of tables that are wider than their region, on a narrow screen, without a visible hint and a shadow at the edge that say so.</summary>
    public const string UncuedTables = """
        [...document.querySelectorAll('.scroll')].filter(region => region.scrollWidth > region.clientWidth + 1 && region.checkVisibility({ contentVisibilityAuto: true })).filter(region => {
          const caption = region.querySelector('caption');
          const hint = caption && getComputedStyle(caption, '::after').content.includes('scrolls sideways') && caption.getBoundingClientRect().height > 10;
          return !((hint || !caption) && getComputedStyle(region).backgroundImage.includes('linear-gradient'));
        }).map(region => region.ariaLabel)
        """;

    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser, IPage page)
    {
        _playwright = playwright;
        _browser = browser;
        Page = page;
    }

    public IPage Page { get; }

    public List<string> Errors { get; } = [];

    /// <summary>Starts it; without a browser the test is skipped, or fails when CI=true.</summary>
    public static async Task<Browser> StartAsync(ColorScheme scheme)
    {
        var executable = Places.FirstOrDefault(File.Exists);
        if (executable is null)
        {
            const string Reason = "No Chromium on this machine (looked for /usr/bin/chromium): apt install chromium";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Assert.Fail(Reason);
        }

        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = 1440, Height = 1000 },
        });
        await context.AddInitScriptAsync(
            "window.policyViolations = []; document.addEventListener('securitypolicyviolation', e => window.policyViolations.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber));");
        var page = await context.NewPageAsync();
        var made = new Browser(playwright, browser, page);
        page.PageError += (_, error) => made.Errors.Add(error);
        return made;
    }

    public ILocator Tile(string name) => Page.Locator($"[data-tile='{name}'] [data-value]");

    public async Task<long> TileNumberAsync(string name) =>
        long.TryParse(
            (await Tile(name).TextContentAsync())?.Replace(",", "", StringComparison.Ordinal),
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var value)
            ? value
            : 0;

    /// <summary>No axe violation of WCAG 2 A or AA, no policy violation, no script error.</summary>
    public async Task AssertCleanAsync(string state)
    {
        var axe = await Page.RunAxe(new AxeRunOptions
        {
            RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
        });
        Assert.True(
            axe.Violations.Length == 0,
            $"{state}: {string.Join('\n', axe.Violations.Select(static v => $"{v.Id}: {v.Help} at {string.Join(", ", v.Nodes.Take(3).Select(static n => n.Html))}"))}");
        Assert.Empty(await Page.EvaluateAsync<string[]>("window.policyViolations"));
        Assert.Empty(Errors);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
