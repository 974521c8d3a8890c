using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Postgres;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.Tests.Postgres;

public sealed class PostgresHostingTests(PostgresFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<Action<PostgresOptions>, string> Wrong => new()
    {
        { static o => o.ConnectionString = "", "ConnectionString" },
        { static o => o.ConnectionString = "Hots=x;Password=secret", "ConnectionString" },
        { static o => o.ConnectionString = "Password=secret", "ConnectionString" },
        { static o => o.Schema = "Mev; DROP", "Schema" },
        { static o => o.Schema = "pg_mev", "Schema" },
        { static o => o.PartitionsAhead = 0, "PartitionsAhead" },
        { static o => o.RetentionDays = -1, "RetentionDays" },
        { static o => o.KeyCache = 1, "KeyCache" },
        { static o => o.MaxReaders = 0, "MaxReaders" },
        { static o => o.CommandTimeout = TimeSpan.Zero, "CommandTimeout" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Wrong))]
    public void Wrong_option_is_named_and_the_connection_string_is_not_told(Action<PostgresOptions> change, string name)
    {
        var options = new PostgresOptions { ConnectionString = "Host=127.0.0.1;Password=secret" };
        change(options);
        var e = Assert.Throws<ArgumentException>(() => new PostgresStore(options));
        Assert.Contains("Mev:Storage:Postgres:" + name, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_options_stop_the_start()
    {
        using var host = Build(static o => (o.ConnectionString, o.KeyCache) = ("", 0));
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, e.Failures.Count());
    }

    [Fact]
    public async Task Server_that_is_not_there_is_told_without_the_password()
    {
        await using var store = new PostgresStore(new PostgresOptions { ConnectionString = "Host=127.0.0.1;Port=1;Database=mev;Username=mev;Password=secret;Timeout=3" });
        var e = await Assert.ThrowsAsync<IOException>(async () => await store.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Contains("127.0.0.1", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Needs", "postgres")]
    public async Task Host_projects_and_reads_by_configuration()
    {
        var options = await fixture.OptionsAsync();
        using var host = Build(o => (o.ConnectionString, o.Schema) = (options.ConnectionString, options.Schema));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var journal = host.Services.GetRequiredService<RecordJournal>();
        var batch = TestRecords.Transactions(journal.NextLsn, 100);
        await journal.WriteAsync(batch, TestContext.Current.CancellationToken);
        var projector = Assert.Single(host.Services.GetServices<Projector>());
        Assert.Equal("postgres", projector.Target);
        Assert.Same(projector, Assert.Single(host.Services.GetServices<IRetentionHold>()));
        for (var i = 0; i < 2000 && projector.Checkpoint != batch.LastLsn; i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Null(projector.LastError);
        batch.Release();
        Assert.Equal(100, host.Services.GetRequiredService<IHistoryReader>().TransactionCount);
        Assert.Same(host.Services.GetRequiredService<PostgresStore>(), host.Services.GetRequiredService<IProjectionTarget>());
        await host.StopAsync(TestContext.Current.CancellationToken);

        // A host that only reads: it makes nothing, and knows the counts once it has read.
        await using var reader = new PostgresStore(options);
        Assert.Equal(5, (await reader.GetLatestTransactionsAsync(5, TestContext.Current.CancellationToken)).Count);
        Assert.Equal(100, reader.TransactionCount);
        await using var nothing = new PostgresStore(await fixture.OptionsAsync());
        await Assert.ThrowsAsync<IOException>(async () => await nothing.GetLatestTransactionsAsync(5, TestContext.Current.CancellationToken));
        await nothing.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await nothing.OpenAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Unknown_key_is_told()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("Mev:Storage:Postgres:Conection", "x")]);
        builder.Services.Configure<PostgresOptions>(builder.Configuration.GetSection("Mev:Storage:Postgres"));
        builder.Services.AddMevSdk().UsePostgres();
        using var host = builder.Build();
        Assert.Contains("Conection", Assert.ThrowsAny<Exception>(() => host.Services.GetRequiredService<IOptions<PostgresOptions>>().Value).Message, StringComparison.Ordinal);
    }

    private IHost Build(Action<PostgresOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMevSdk().AddStorage(o => (o.DataDirectory, o.Kind) = (_folder.Combine("data"), DataKind.Simulated)).UsePostgres(configure).UsePostgres();
        return builder.Build();
    }
}
