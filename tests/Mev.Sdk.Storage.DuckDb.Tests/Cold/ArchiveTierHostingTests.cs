using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tests;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Storage.DuckDb.Tests.Cold;

public sealed class ArchiveTierHostingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Host_has_the_archive_as_its_cold_tier()
    {
        using var host = Build(static options => options.Threads = 3);

        Assert.IsType<ArchiveColdTier>(host.Services.GetRequiredService<IColdTier>());
        Assert.Contains(host.Services.GetRequiredService<HistoryPlanner>().Stores, static store => store is { Name: "archive", Tier: HistoryTier.Cold });
        var options = host.Services.GetRequiredService<IOptions<ArchiveHistoryOptions>>().Value;
        Assert.Equal((3, _folder.Combine("data", "cold")), (options.Threads, options.ScratchDirectory));
    }

    [Fact]
    public async Task Wrong_option_stops_the_start_with_its_key()
    {
        using var host = Build(static options => options.LateRecords = -1);

        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("Mev:Storage:Cold:LateRecords", e.Message, StringComparison.Ordinal);
    }

    private IHost Build(Action<ArchiveHistoryOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ITierTarget>(new MemoryTarget());
        builder.Services.AddMevSdk()
            .AddStorage(o => (o.DataDirectory, o.Kind) = (_folder.Combine("data"), DataKind.Simulated))
            .AddArchive()
            .UseDuckDb()
            .UseArchiveTier(configure)
            .UseArchiveTier()
            .UseTiers();
        return builder.Build();
    }
}
