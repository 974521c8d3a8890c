using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EngineSimulator;
using Mev.Sdk.DashboardHost.Tests.Support;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.DashboardHost.Tests;

/// <summary>Health, and who may change an engine's parameters.</summary>
public sealed partial class ControlTests
{
    [Fact]
    public async Task Host_says_how_each_stage_is_and_takes_changes_from_its_own_page_only()
    {
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false");
        await host.ReadyAsync();
        await host.StatsAsync("storing transactions", static s => s.GetProperty("transactions").GetInt64() > 50);
        await CheckHealth(host);
        await CheckRefusals(host);
        await CheckUpdate(host);
        await CheckJournal(folder.Combine(".mev/simulated/journal"));
    }

    [Fact]
    public async Task Parameters_of_an_engine_elsewhere_change_only_with_the_secret()
    {
        const string Secret = "a secret of this test alone";
        using var folder = new TemporaryFolder();
        await using var market = SimulatorEngine.Start(new SimulatorEngineOptions { TransactionsPerSecond = 50 });
        await using var host = HostProcess.Start(
            folder.FullPath, "--Mev:Training:Enabled=false", $"Mev__Control__Secret={Secret}", $"--Mev:Engine:Endpoint={market.Endpoint}");
        await host.ReadyAsync();
        await host.StatsAsync("storing transactions", static s => s.GetProperty("transactions").GetInt64() > 20);
        await CheckSecret(host, null, "data-answer=\"denied\"");
        await CheckSecret(host, Secret[..^1] + "f", "data-answer=\"denied\"");
        await CheckSecret(host, Secret, "Applied as revision 1");
    }

    private static async Task CheckSecret(HostProcess host, string? secret, string expected)
    {
        using var answer = await host.Client.PostAsync(new Uri("ingest", UriKind.Relative), Form(await TokenAsync(host), "{\"enabled\":false}", secret: secret));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains(expected, page, StringComparison.Ordinal);
        Assert.True(secret is null || !page.Contains(secret, StringComparison.Ordinal), "The page repeats the secret.");
    }

    private static async Task CheckHealth(HostProcess host)
    {
        using var live = await host.Client.GetAsync(new Uri("health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        foreach (var path in (string[])["health", "health/ready"])
        {
            using var answer = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            var ingest = json.RootElement.GetProperty("checks").GetProperty("mev-ingest");
            Assert.Equal("Connected", ingest.GetProperty("data").GetProperty("source.engine.state").GetString());
            Assert.True(ingest.GetProperty("data").TryGetProperty("sink.RecordJournal.share", out _));
            Assert.True(json.RootElement.GetProperty("checks").GetProperty("mev-storage").GetProperty("data").TryGetProperty("journal.unsyncedSeconds", out _));
        }
    }

    private static async Task CheckRefusals(HostProcess host)
    {
        using var without = await host.Client.PostAsync(new Uri("ingest", UriKind.Relative), Form("", "{}"));
        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("ingest", UriKind.Relative)) { Content = Form(await TokenAsync(host), "{}") };
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "127.0.0.1");
        using var forwarded = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, forwarded.StatusCode);
        Assert.DoesNotContain("data-change", await host.Client.GetStringAsync(new Uri("panels/changes", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static async Task CheckUpdate(HostProcess host)
    {
        using var answer = await host.Client.PostAsync(new Uri("ingest", UriKind.Relative), Form(await TokenAsync(host), "{\"enabled\":false}"));
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("Applied as revision 1", page, StringComparison.Ordinal);
        Assert.Contains("<html", page, StringComparison.Ordinal);

        using var bad = await host.Client.PostAsync(new Uri("ingest", UriKind.Relative), Form(await TokenAsync(host), "{}", strategy: "70000"));
        Assert.Contains("data-answer=\"invalid\"", await bad.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    // Read from another process, as an auditor would.
    private static async Task CheckJournal(string journal)
    {
        for (var i = 0; i < 300; i++)
        {
            var found = await ReadAsync(journal);
            if (found.Count == 3)
            {
                Assert.Equal("Requested 1", found[0]);
                Assert.Equal("Applied 1", found[1]);
                Assert.StartsWith("Succeeded viewer on this machine parameters.update engine/1", found[2], StringComparison.Ordinal);
                Assert.Contains("enabled", found[2], StringComparison.Ordinal);
                return;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"The journal holds only: {string.Join("; ", await ReadAsync(journal))}");
    }

    private static async Task<List<string>> ReadAsync(string journal)
    {
        List<string> found = [];
        var templates = TemplateSet.Of(TemplateIds.ParameterChange, TemplateIds.Audit);
        await foreach (var batch in JournalReader.Open(journal).ReadAsync(Lsn.None, follow: false, templates, TestContext.Current.CancellationToken))
        {
            foreach (var record in batch)
            {
                if (ParameterChangeView.TryRead(in record, out var change))
                {
                    found.Add(FormattableString.Invariant($"{change.Record.State} {change.Record.Revision}"));
                }
                else if (AuditView.TryRead(in record, out var audit))
                {
                    found.Add($"{audit.Record.Outcome} {Text(audit.Actor)} {Text(audit.Action)} {Text(audit.Subject)} {Text(audit.Detail)}");
                }
            }

            batch.Release();
        }

        return found;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private static FormUrlEncodedContent Form(string token, string parameters, string strategy = "1", string? secret = null) => new(
    [
        new("__RequestVerificationToken", token), new("Form.Engine", "engine"), new("Form.StrategyId", strategy), new("Form.Parameters", parameters), new("Form.ExpirySeconds", "60"), new("Form.Secret", secret),
    ]);

    private static async Task<string> TokenAsync(HostProcess host) =>
        TokenPattern().Match(await host.Client.GetStringAsync(new Uri("ingest", UriKind.Relative))).Groups[1].Value;

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)\"")]
    private static partial Regex TokenPattern();
}
