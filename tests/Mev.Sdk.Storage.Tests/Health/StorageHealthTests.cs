using Mev.Sdk.Storage.Health;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Tests.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Storage.Tests.Health;

public sealed class StorageHealthTests
{
    [Fact]
    public async Task CheckHealthAsync_records_that_wait_too_long_are_degraded_until_they_are_durable()
    {
        using var folder = new TemporaryFolder();
        var time = new FakeTimeProvider();
        await using var journal = RecordJournal.Open(JournalHarness.Options(folder.Path, static options => options.CommitInterval = TimeSpan.FromSeconds(60)), time);
        var check = new StorageHealthCheck(journal, timeProvider: time);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HealthStatus.Healthy, (await Check(check)).Status);

        var batch = TestRecords.Transactions(journal.NextLsn, 3, 1, 7, 99);
        await journal.WriteAsync(batch, TestContext.Current.CancellationToken);
        batch.Release();
        time.Advance(TimeSpan.FromSeconds(6));
        var waiting = await Check(check);
        Assert.Equal((HealthStatus.Degraded, 6.0), (waiting.Status, waiting.Data["journal.unsyncedSeconds"]));

        await journal.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Healthy, (await Check(check)).Status);
    }

    [Fact]
    public void Validate_names_each_key()
    {
        var problems = new StorageHealthOptions { UnsyncedAfter = TimeSpan.Zero, ProjectorLagRecords = 0 }.Validate().ToArray();

        Assert.Equal(2, problems.Length);
        Assert.Contains("Mev:Storage:Health:UnsyncedAfter", problems[0], StringComparison.Ordinal);
        Assert.Contains("Mev:Storage:Health:ProjectorLagRecords", problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddMevStorage_reports_through_the_hosts_health_service()
    {
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHealthChecks().AddMevStorage(static options => options.ProjectorLagRecords = 5, "ready");
        services.AddMevSdk().AddStorage(options => options.DataDirectory = folder.Path);
        await using var provider = services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Contains("ready", report.Entries["mev-storage"].Tags);
    }

    private static Task<HealthCheckResult> Check(StorageHealthCheck check) =>
        check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
