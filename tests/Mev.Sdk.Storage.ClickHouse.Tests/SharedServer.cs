using Mev.Sdk.TestKit;

[assembly: AssemblyFixture(typeof(Mev.Sdk.Storage.ClickHouse.Tests.SharedServer))]
[assembly: Trait("Needs", "clickhouse")]

namespace Mev.Sdk.Storage.ClickHouse.Tests;

/// <summary>The server that most tests of a run share, each with a database of its own; started by the first that asks for it.</summary>
public sealed class SharedServer : IAsyncDisposable
{
    private static readonly Lazy<Task<ClickHouseServer>> Server = new(ClickHouseServer.StartAsync);

    /// <summary>Starts it, or skips the test where it is not installed; with CI=true that fails.</summary>
    public static async Task<ClickHouseServer> GetAsync()
    {
        try
        {
            return await Server.Value;
        }
        catch (ServerMissingException missing)
        {
            throw Skip(missing);
        }
    }

    /// <summary>A server of the test's own, to be killed and frozen.</summary>
    public static async Task<ClickHouseServer> StartOwnAsync()
    {
        try
        {
            return await ClickHouseServer.StartAsync();
        }
        catch (ServerMissingException missing)
        {
            throw Skip(missing);
        }
    }

    public static ClickHouseOptions Options(ClickHouseServer server, string database) => new()
    {
        Url = server.Url, User = server.User, Password = server.Password, Database = database, MaxRetries = 1, Timeout = TimeSpan.FromMinutes(1),
    };

    public async ValueTask DisposeAsync()
    {
        if (Server.IsValueCreated && Server.Value.IsCompletedSuccessfully)
        {
            await (await Server.Value).DisposeAsync();
        }
    }

    private static ServerMissingException Skip(ServerMissingException missing)
    {
        Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), missing.Message);
        return missing;
    }
}
