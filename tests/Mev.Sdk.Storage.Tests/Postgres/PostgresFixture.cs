using System.Globalization;
using Mev.Sdk.Storage.Postgres;
using Mev.Sdk.TestKit;

[assembly: AssemblyFixture(typeof(Mev.Sdk.Storage.Tests.Postgres.PostgresFixture))]

namespace Mev.Sdk.Storage.Tests.Postgres;

/// <summary>The server that the tests share, each with a schema of its own; started when the first one asks.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly Lazy<Task<PostgresServer>> _server = new(static () => PostgresServer.StartAsync(null, "max_connections=60", "fsync=off"));
    private int _schemas;

    /// <summary>Skips the test that asks where there is no server; with CI=true it fails.</summary>
    public async Task<PostgresServer> ServerAsync() => await OrSkipAsync(_server.Value);

    /// <summary>Options for a schema that nobody else uses.</summary>
    public async Task<PostgresOptions> OptionsAsync() => new()
    {
        ConnectionString = (await ServerAsync()).ConnectionString,
        Schema = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _schemas)}"),
    };

    public static async Task<PostgresServer> OrSkipAsync(Task<PostgresServer> starting)
    {
        try
        {
            return await starting;
        }
        catch (ServerMissingException e)
        {
            Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), e.Message);
            throw;
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
