using System.Net;
using System.Text;
using System.Text.Json;
using Mev.Sdk.DashboardHost.Tests.Support;
using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.DashboardHost.Tests;

public sealed class QuestionPageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_question_is_answered_by_page_and_what_is_wrong_is_told()
    {
        using var folder = new TemporaryFolder();
        await using var host = HostProcess.Start(folder.FullPath, "--Mev:Training:Enabled=false");
        await host.StatsAsync("some rows", static s => s.GetProperty("transactions").GetInt64() > 200);
        Assert.Contains("Transactions a minute", await GetAsync(host, "questions"), StringComparison.Ordinal);
        foreach (var question in DashboardQuestions.All)
        {
            var page = "";
            await host.UntilAsync(question.Name, async () => !(page = await GetAsync(host, $"questions?ask={question.Name}")).Contains("question-progress", StringComparison.Ordinal));
            Assert.Contains("answer-note", page, StringComparison.Ordinal);
            Assert.Contains("from hot (duckdb)", page, StringComparison.Ordinal);
        }

        Assert.Contains("There is no such question", await GetAsync(host, "questions?ask=nonsense"), StringComparison.Ordinal);
        Assert.Contains("A slot is a whole number", await GetAsync(host, "questions?ask=votes&first=9&last=3"), StringComparison.Ordinal);
        Assert.Contains("Nothing of that is stored", await GetAsync(host, "questions?ask=votes&first=18446744073709551614"), StringComparison.Ordinal);

        using var answer = await PostAsync(host, """{"table":"transactions","aggregates":[{"of":"count","name":"n"}]}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.True(json.RootElement.GetProperty("rows")[0][0].GetInt64() > 200);
        using var wrong = await PostAsync(host, """{"table":"nonsense"}""");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("there is no table", await wrong.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> PostAsync(HostProcess host, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await host.Client.PostAsync(new Uri("api/v1/history", UriKind.Relative), content, Token);
    }

    private static async Task<string> GetAsync(HostProcess host, string path)
    {
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Token));
    }
}
