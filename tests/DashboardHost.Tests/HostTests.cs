using System.Net;
using System.Text.Json;
using Mev.Sdk.DashboardHost.Tests.Support;

namespace Mev.Sdk.DashboardHost.Tests;

/// <summary>One simulated host, asked everything: a start costs seconds.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task Simulated_host_answers_its_own_machine_and_nobody_else()
    {
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false");
        await host.ReadyAsync();
        await host.StatsAsync("storing transactions", static s => s.GetProperty("transactions").GetInt64() > 50);
        Assert.True(File.Exists(folder.Combine(".mev/simulated/mev-data.json")), "the default data directory is under the current one");

        var stats = await host.StatsAsync();
        foreach (var name in (string[])["transactions", "opportunities", "scored", "slot", "transactionsPerSecond", "gaps", "ingestLagMs", "journalBytes", "journalRawBytes"])
        {
            Assert.True(stats.TryGetProperty(name, out _), $"stats has no {name}");
        }

        await CheckTransactions(host);
        await CheckPages(host);
        await CheckRefusals(host);
    }

    private static async Task CheckTransactions(HostProcess host)
    {
        using var two = JsonDocument.Parse(await host.Client.GetStringAsync(new Uri("api/v1/transactions?limit=2", UriKind.Relative)));
        Assert.Equal(2, two.RootElement.GetArrayLength());
        var signature = two.RootElement[0].GetProperty("signature").GetString()!;
        Assert.True(Signature.TryParse(signature, null, out _));
        Assert.True(Counter(two.RootElement[0]) > Counter(two.RootElement[1]), "newest first");

        foreach (var bad in (string[])["0", "1001", "-1", "x", ""])
        {
            using var refused = await host.Client.GetAsync(new Uri($"api/v1/transactions?limit={bad}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        }

        var page = await host.Client.GetStringAsync(new Uri($"tx/{signature}", UriKind.Relative));
        Assert.Contains(signature, page, StringComparison.Ordinal);
        using var unknown = await host.Client.GetAsync(new Uri($"tx/{Mev.Sdk.TestKit.Make.Signature(1)}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static async Task CheckPages(HostProcess host)
    {
        using var page = await host.Client.GetAsync(new Uri("", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("Simulated data", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var asset in (string[])["app.js", "app.css", "theme.js", "fonts/inter.woff2", "panels/gaps", "panels/model"])
        {
            using var answer = await host.Client.GetAsync(new Uri(asset, UriKind.Relative));
            Assert.True(answer.IsSuccessStatusCode, $"{asset}: {answer.StatusCode}");
        }
    }

    private static async Task CheckRefusals(HostProcess host)
    {
        foreach (var path in (string[])["", "app.js", "healthz", "api/v1/stats", "live/negotiate", "nowhere"])
        {
            foreach (var (header, value) in ((string, string)[])[("X-Forwarded-For", "127.0.0.1"), ("Forwarded", "for=127.0.0.1"), ("Host", "rebound.example"), ("Origin", "https://other.example")])
            {
                using var request = new HttpRequestMessage(path.StartsWith("live", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, new Uri(path, UriKind.Relative));
                request.Headers.TryAddWithoutValidation(header, value);
                using var answer = await host.Client.SendAsync(request);
                Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"/{path} with {header}: {answer.StatusCode}");
            }
        }
    }

    private static ulong Counter(JsonElement row) =>
        ulong.Parse(row.GetProperty("lsn").GetString()!.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
}
