namespace Mev.Sdk.Storage.ClickHouse.Tests;

/// <summary>Sees every request go by, and may break it: before it is sent, or after the server has done it and its answer is on the way.</summary>
internal sealed class PassingBy : DelegatingHandler
{
    public PassingBy()
        : base(new SocketsHttpHandler())
    {
    }

    /// <summary>The statements that went by: of inserts the one in the address.</summary>
    public List<string> Statements { get; } = [];

    /// <summary>Asked before a request is sent; true breaks the connection instead.</summary>
    public Func<string, bool> BreaksBefore { get; set; } = static _ => false;

    /// <summary>Asked after the server has answered; true loses the answer.</summary>
    public Func<string, bool> LosesAnswer { get; set; } = static _ => false;

    /// <summary>Runs before a request is sent.</summary>
    public Func<string, Task> Meanwhile { get; set; } = static _ => Task.CompletedTask;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = request.RequestUri!.Query.Split('&', '?').FirstOrDefault(static part => part.StartsWith("query=", StringComparison.Ordinal));
        var statement = query is not null ? Uri.UnescapeDataString(query[6..]) : await request.Content!.ReadAsStringAsync(cancellationToken);
        Statements.Add(statement);
        await Meanwhile(statement);
        if (BreaksBefore(statement))
        {
            throw new HttpRequestException("The test broke the connection.");
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (LosesAnswer(statement))
        {
            response.Dispose();
            throw new HttpRequestException("The test lost the answer.");
        }

        return response;
    }
}
