using Mev.Sdk.Ingest.Health;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Views;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Mev.Sdk.Ingest.Tests.Views;

public sealed class AddViewTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddView_stuck_view_leaves_the_lossless_sink_every_record_and_says_what_it_missed()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        var sink = new CollectingSink();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("Mev:Ingest:Views:Stuck:MaxBatches", "2")]);
        builder.Services.Configure<IngestOptions>(builder.Configuration.GetSection(IngestOptions.Section));
        builder.Services.AddSingleton(new HeldConsumer());
        builder.Services.AddMevSdk().AddView<HeldConsumer>(name: "Stuck").AddView<HeldConsumer>(view => view.MaxBytes = 1 << 20)
            .AddEngineSource("engine", $"tcp://{engine.LocalEndPoint}");
        builder.Services.AddSingleton<IRecordSink>(sink);
        using var host = builder.Build();
        await host.StartAsync(Token);
        await engine.WaitForSubscriberAsync(Token);

        // More than one read's worth, one after the other, so that there are many batches.
        for (var i = 0; i < 50; i++)
        {
            await engine.PublishAsync(Frames.Many(i * 20, 20), Token);
            await sink.WaitForAsync((i + 1) * 20);
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), sink.Numbers);
        var monitor = host.Services.GetRequiredService<IngestMonitor>();
        await Eventually.BecomesAsync(() => monitor.GetSnapshot() is { Views: [{ Name: "Stuck", DeliveredRecords: 0, HeldBatches: 2 } view], Sinks: [.., { Name: "Stuck" }, _] or [.., _, { Name: "Stuck" }] or [{ Name: "Stuck" }, ..] }
            && view.DroppedRecords + view.HeldRecords == 1000 && view.DroppedRecords > 900);
        host.Services.GetRequiredService<HeldConsumer>().LetGo();
        await host.StopAsync(Token);
    }

    [Fact]
    public void AddView_options_of_no_view_bad_options_and_equal_names_are_told_by_key()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("Mev:Ingest:Views:Sink:MaxBytes", "1"), new("Mev:Ingest:Views:Nobody:MaxBytes", "1000000")]).Build();
        var services = new ServiceCollection();
        services.Configure<IngestOptions>(configuration.GetSection(IngestOptions.Section));
        services.AddMevSdk().AddView<CollectingSink>(name: "Sink").AddView<HeldConsumer>(name: "sink");
        using var provider = services.BuildServiceProvider();

        var failures = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<IngestOptions>>().Value).Failures.ToArray();

        Assert.Equal(3, failures.Length);
        Assert.Contains("Mev:Ingest:Views: two views are named 'sink'; give one of them another name in AddView.", failures);
        Assert.Contains("Mev:Ingest:Views:Nobody names no view of this host; there are Sink.", failures);
        Assert.Contains(failures, failure => failure.StartsWith("Mev:Ingest:Views:Sink:MaxBytes is 1;", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => services.AddMevSdk().AddView<CollectingSink>(name: "other"));
    }

    [Fact]
    public async Task Health_view_that_is_stuck_is_degraded_and_named()
    {
        var (time, monitor, consumer) = (new FakeTimeProvider(), new IngestMonitor(), new HeldConsumer());
        await using var view = new ViewSink(consumer, name: "panel", monitor: monitor, timeProvider: time);
        await using var sequencer = new RecordSequencer([view], monitor: monitor, timeProvider: time);
        await sequencer.WriteAsync(RecordBatch.Borrow([Frames.Numbered(1, 1)], 1, new StreamPosition(1, 1, 1)), Token);
        await consumer.Entered;
        var check = new IngestHealthCheck(monitor, timeProvider: time);
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext(), Token)).Status);

        time.Advance(TimeSpan.FromSeconds(61));
        var result = await check.CheckHealthAsync(new HealthCheckContext(), Token);

        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("The view panel has been busy with one batch for 61.0 s", result.Description, StringComparison.Ordinal);
        Assert.Equal(0L, result.Data["view.panel.dropped"]);
        consumer.LetGo();
    }
}
