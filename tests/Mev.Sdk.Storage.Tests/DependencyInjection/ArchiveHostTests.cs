using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Health;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Tests.Archive.Objects;
using Mev.Sdk.Storage.Tests.Journal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.Tests.DependencyInjection;

public sealed class ArchiveHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_archives_its_journal_into_its_data_directory(bool encrypted)
    {
        using var host = Build(encrypted ? [("Journal:Encryption:CurrentKeyId", TestKeys.Id(1).ToString("N")), ($"Journal:Encryption:Keys:{TestKeys.Id(1):N}", Convert.ToHexString(TestKeys.Key(1)))] : []);
        await host.StartAsync(Cancellation);
        var journal = host.Services.GetRequiredService<RecordJournal>();
        var sealer = host.Services.GetRequiredService<ArchiveSealer>();
        Assert.Contains(host.Services.GetServices<IRetentionHold>(), hold => hold == sealer);
        await journal.WriteAsync(30);
        await JournalHarness.UntilAsync(() => sealer.ArchivedTo == journal.DurableLsn);
        var archive = host.Services.GetRequiredService<ArchiveSet>();
        Assert.Equal(30, (await archive.ReadAsync(cancellationToken: Cancellation).CollectAsync()).Count);
        Assert.Equal(encrypted, (await archive.OpenAsync(archive.Objects[0], Cancellation)).Info.KeyId != Guid.Empty);
        Assert.True(File.Exists(_folder.Combine(["data", "archive", .. archive.Objects[0].Name.Split('/')])));

        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
        Assert.Equal(0L, health.Entries["mev-storage"].Data["archive.lagRecords"]);
        Assert.Equal(HealthStatus.Healthy, health.Status);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_store_that_fails_degrades_the_host_and_says_why()
    {
        using var host = Build([], services => services.AddSingleton<IBlobStore>(new MemoryBlobStore { OnWrite = static _ => throw new IOException("The bucket is away.") }));
        await host.StartAsync(Cancellation);
        await host.Services.GetRequiredService<RecordJournal>().WriteAsync(30);
        await JournalHarness.UntilAsync(() => host.Services.GetRequiredService<ArchiveSealer>().LastError is not null);
        var entry = (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries["mev-storage"];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("The bucket is away.", entry.Description, StringComparison.Ordinal);
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public void A_store_that_is_registered_is_used_and_a_second_call_changes_nothing()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IBlobStore, MemoryBlobStore>();
        services.AddMevSdk().AddStorage(o => o.DataDirectory = _folder.Combine("data")).AddArchive().AddArchive(static o => o.ObjectBytes = 7 << 20);
        using var provider = services.BuildServiceProvider();
        Assert.IsType<MemoryBlobStore>(provider.GetRequiredService<IBlobStore>());
        Assert.Single(provider.GetServices<IHostedService>(), static service => service is ArchiveSealer);
        Assert.Equal(7 << 20, provider.GetRequiredService<IOptions<StorageOptions>>().Value.Archive.ObjectBytes);
    }

    [Fact]
    public void The_folder_may_be_elsewhere()
    {
        using var host = Build([("Archive:Directory", _folder.Combine("elsewhere"))]);
        Assert.Equal(_folder.Combine("elsewhere"), Assert.IsType<FolderBlobStore>(host.Services.GetRequiredService<IBlobStore>()).FullPath);
    }

    private IHost Build((string Key, string Value)[] settings, Action<IServiceCollection>? change = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Append(("Archive:MaxDelay", "00:00:01")).Select(static s => KeyValuePair.Create("Mev:Storage:" + s.Item1, (string?)s.Item2)));
        builder.Services.Configure<StorageOptions>(builder.Configuration.GetSection("Mev:Storage"));
        change?.Invoke(builder.Services);
        builder.Services.AddHealthChecks().AddMevStorage();
        builder.Services.AddMevSdk().AddStorage(o => o.DataDirectory = _folder.Combine("data")).AddArchive();
        return builder.Build();
    }
}
