using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Mev.Sdk.DashboardHost.Tests.Support;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class TierPageTests
{
    // 100 days of slots, and about as long: what is shifted by them is due.
    private const long Shift = 100 * TierPartition.SlotsPerDay;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_rows_that_are_pinned_stay_and_move_when_they_are_not_and_are_found_where_they_are()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Combine(Path.Combine(".mev", "simulated"));
        await using (var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false"))
        {
            await host.StatsAsync("some rows", static s => s.GetProperty("transactions").GetInt64() > 200);
            await host.UntilAsync("showing rows of the hot tier", async () => (await TierAsync(host, "hot")).GetProperty("rows").GetInt64() > 200);
            var page = await GetAsync(host, "tiers");
            Assert.Contains("data-tier=\"warm\"", page, StringComparison.Ordinal);
            Assert.Contains("data-projector=\"duckdb\"", page, StringComparison.Ordinal);
            Assert.Contains("href=\"/tiers\" aria-current=\"page\"", page, StringComparison.Ordinal);
            Assert.Contains("id=\"projectors\"", await GetAsync(host, "panels/tiers"), StringComparison.Ordinal);
            await host.StopAsync();
        }

        var (partition, rows) = Age(Path.Combine(data, "history.duckdb"));
        using var blobs = new FolderBlobStore(Path.Combine(data, "archive"));
        var catalogue = new TierCatalogueStore(blobs);
        await catalogue.PinAsync(partition, isPinned: true, Token);
        await using (var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false", "--Mev:Storage:Tiers:Interval=00:00:01", "--Mev:Storage:Tiers:Policy:HotDays=1"))
        {
            await host.UntilAsync("telling what is pinned", async () => (await GetAsync(host, "tiers")) is var page && page.Contains("it is pinned", StringComparison.Ordinal) && page.Contains("id=\"pins\"", StringComparison.Ordinal));
            Assert.Equal(0, (await TiersAsync(host)).GetProperty("moves").GetInt64());
            await catalogue.PinAsync(partition, isPinned: false, Token);
            await host.UntilAsync("moving", async () => (await TierAsync(host, "warm")).GetProperty("rows").GetInt64() > 0 && (await TiersAsync(host)).GetProperty("moving").ValueKind == JsonValueKind.Null);

            var warm = await TierAsync(host, "warm");
            Assert.Equal(rows, warm.GetProperty("rows").GetInt64());
            Assert.Equal("parquet", warm.GetProperty("store").GetString());
            Assert.True(warm.GetProperty("storedBytes").GetInt64() > 0);
            Assert.True(warm.GetProperty("ratio").GetDouble() > 0);
            Assert.Contains($"data-partition=\"{partition}\"", await GetAsync(host, "tiers"), StringComparison.Ordinal);

            // Every row once, and by name who gave it.
            using var answer = await PostAsync(host, string.Create(CultureInfo.InvariantCulture,
                $$$"""{"table":"transactions","span":{"firstSlot":{{{partition.First}}},"lastSlot":{{{partition.Last}}}},"aggregates":[{"of":"count","name":"n"}]}"""));
            Assert.Equal(rows, answer.RootElement.GetProperty("rows")[0][0].GetInt64());
            var page = "";
            await host.UntilAsync("answering", async () => (page = await GetAsync(host, "questions?ask=top-venues")).Contains("answer-note", StringComparison.Ordinal));
            Assert.Contains("from hot (duckdb), warm (parquet)", page, StringComparison.Ordinal);
            Assert.Contains("data-share=\"warm\"", page, StringComparison.Ordinal);
            Assert.Matches("title=\"venue \\d+\"", page);
            Assert.Contains("succeeded", await GetAsync(host, $"tx/{await SignatureAsync(host, partition)}"), StringComparison.Ordinal);
            Assert.Equal("archive", (await TierAsync(host, "cold")).GetProperty("store").GetString());
            await host.StopAsync();
        }

        // Old enough to be cold: when the archive has the records the files are dropped, and the page says who answers.
        await using (var host = HostProcess.Start(
            folder.FullPath, "--Mev:Training:Enabled=false", "--Mev:Storage:Archive:MaxDelay=00:00:02", "--Mev:Storage:Tiers:Interval=00:00:01", "--Mev:Storage:Tiers:Policy:HotDays=1", "--Mev:Storage:Tiers:Policy:WarmDays=30"))
        {
            await host.UntilAsync("cooling", async () => (await TierAsync(host, "cold")).GetProperty("partitions").GetInt32() == 1);
            var cold = await TierAsync(host, "cold");
            Assert.Equal(rows, cold.GetProperty("rows").GetInt64());
            Assert.Equal((ulong)partition.First, cold.GetProperty("firstSlot").GetUInt64());
            await host.UntilAsync("dropping the files", () => Task.FromResult(!Directory.EnumerateFiles(Path.Combine(data, "archive", "warm"), "*.parquet", SearchOption.AllDirectories).Any()));
            Assert.Contains("data-tier=\"cold\"", await GetAsync(host, "tiers"), StringComparison.Ordinal);
        }
    }

    /// <summary>Makes half of the transactions old, as if they had been stored long ago.</summary>
    private static (TierPartition Partition, long Rows) Age(string path)
    {
        using var connection = new DuckDBConnection($"Data Source={path}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT median(lsn)::UBIGINT FROM transactions";
        var middle = (ulong)command.ExecuteScalar()!;
        command.CommandText = $"UPDATE transactions SET slot = slot - {Shift}, block_time = block_time - INTERVAL 100 DAY, stage = 4 WHERE lsn < {middle}";
        var rows = command.ExecuteNonQuery();
        command.CommandText = $"SELECT min(slot), max(slot) FROM transactions WHERE lsn < {middle}";
        using var reader = command.ExecuteReader();
        reader.Read();
        var (first, last) = (TierPartition.OfSlot(reader.GetFieldValue<ulong>(0)), TierPartition.OfSlot(reader.GetFieldValue<ulong>(1)));
        Assert.SkipUnless(first == last, "The simulated market passed from one day of slots to the next while this test ran.");
        Assert.True(rows > 50, $"{rows} rows were made old");
        return (first, rows);
    }

    private static async Task<string> SignatureAsync(HostProcess host, TierPartition partition)
    {
        using var answer = await PostAsync(host, string.Create(CultureInfo.InvariantCulture,
            $$$"""{"table":"transactions","span":{"firstSlot":{{{partition.First}}},"lastSlot":{{{partition.Last}}}},"filter":{"column":"error_code","value":0},"columns":["signature"],"limit":1}"""));
        return answer.RootElement.GetProperty("rows")[0][0].GetString()!;
    }

    private static async Task<JsonElement> TierAsync(HostProcess host, string tier) =>
        (await TiersAsync(host)).TryGetProperty("tiers", out var tiers) ? tiers.EnumerateArray().Single(t => t.GetProperty("tier").GetString() == tier) : throw new HttpRequestException("not looked yet");

    private static async Task<JsonElement> TiersAsync(HostProcess host)
    {
        using var json = JsonDocument.Parse(await host.Client.GetStringAsync(new Uri("api/v1/tiers", UriKind.Relative), Token));
        return json.RootElement.Clone();
    }

    private static async Task<JsonDocument> PostAsync(HostProcess host, string question)
    {
        using var content = new StringContent(question, Encoding.UTF8, "application/json");
        using var response = await host.Client.PostAsync(new Uri("api/v1/history", UriKind.Relative), content, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text);
    }

    private static async Task<string> GetAsync(HostProcess host, string path)
    {
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Token));
    }
}
