using System.Net;
using System.Text.Json;
using Mev.Sdk.DashboardHost.Tests.Support;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class ArchivePageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transaction_whose_journal_segment_was_deleted_is_read_from_the_archive()
    {
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(
            folder.FullPath,
            "--Mev:Training:Enabled=false",
            "--Mev:Storage:Archive:MaxDelay=00:00:02",
            "--Mev:Storage:Journal:SegmentBytes=65536",
            "--Mev:Storage:Journal:Retention:MaxBytes=131072");
        await host.StatsAsync("some rows", static s => s.GetProperty("transactions").GetInt64() > 50);
        var first = (await RowsAsync(host)).Last(static row => row.GetProperty("swapCount").GetInt32() > 0).GetProperty("signature").GetString()!;
        var segments = Directory.GetFiles(folder.FullPath, "*.mevj", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(segments);
        await host.UntilAsync("past its first segments", () => Task.FromResult(segments.All(static file => !File.Exists(file))));

        var page = await GetAsync(host, $"tx/{first}");
        Assert.Contains("Program log", page, StringComparison.Ordinal);

        await host.UntilAsync("showing objects", async () => (await GetAsync(host, "panels/objects")).Contains("data-object=", StringComparison.Ordinal));
        Assert.Contains("Sealing", await GetAsync(host, "panels/objects"), StringComparison.Ordinal);
        var found = await GetAsync(host, $"archive?signature={first}");
        Assert.Contains("id=\"sightings\"", found, StringComparison.Ordinal);
        Assert.Contains($"/tx/{first}", found, StringComparison.Ordinal);
        Assert.Contains("No object has it", await GetAsync(host, "archive?signature=3WHQZTKo8jj42w2MqDSnpDHPrgcRiiGpGMKVcntMNYYtjtYNvWTvStopEEqzLFctrYUFHTCaF39fCi7RYY6XpWds"), StringComparison.Ordinal);
        Assert.Contains("That is no signature", await GetAsync(host, "archive?signature=nonsense"), StringComparison.Ordinal);
    }

    private static async Task<JsonElement[]> RowsAsync(HostProcess host)
    {
        using var json = JsonDocument.Parse(await host.Client.GetStringAsync(new Uri("api/v1/transactions?limit=1000", UriKind.Relative), Token));
        return [.. json.RootElement.Clone().EnumerateArray()];
    }

    private static async Task<string> GetAsync(HostProcess host, string path)
    {
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Token));
    }
}
