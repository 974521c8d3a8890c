using System.Diagnostics.Metrics;
using Mev.Sdk.Ingest.Publishing;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Tests.Support;
using Mev.Sdk.Ingest.Transports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Ingest.Tests.DependencyInjection;

public sealed class AddIngestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddIngest_host_takes_configured_and_registered_sources_into_its_sinks()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(0, 20), Token);
        var sink = new CollectingSink();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IRecordSink>(sink);
        builder.Services.AddSingleton<IRecordSource, OneBatchSource>();
        builder.Services.AddMevSdk().AddIngest().AddEngineSource("engine", $"tcp://{engine.LocalEndPoint}");
        using var host = builder.Build();

        await host.StartAsync(Token);
        await sink.WaitForAsync(21);
        await host.StopAsync(Token);

        Assert.Equal(20, sink.All.Count(seen => seen.Position.SourceId == SourceIds.FromName("engine")));
        Assert.Same(host.Services.GetRequiredService<IRecordIntake>(), host.Services.GetRequiredService<RecordSequencer>());
        Assert.Equal("engine", Assert.Single(host.Services.GetRequiredService<IngestMonitor>().GetSnapshot().Sources).Name);
    }

    [Fact]
    public async Task AddIngest_key_from_configuration_or_a_file_is_proven_to_the_engine()
    {
        var key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Convert.ToBase64String(key), Token);
        var engineOptions = new EnginePublisherOptions();
        engineOptions.Keys.Add(key);
        await using var engine = EnginePublisher.Start(engineOptions);
        await engine.PublishAsync(Frames.Many(0, 5), Token);
        var sink = new CollectingSink();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Mev:Ingest:Sources:0:Name"] = "by-key",
            ["Mev:Ingest:Sources:0:Endpoint"] = $"tcp://{engine.LocalEndPoint}",
            ["Mev:Ingest:Sources:0:Key"] = Convert.ToBase64String(key),
            ["Mev:Ingest:Sources:1:Name"] = "by-file",
            ["Mev:Ingest:Sources:1:Endpoint"] = $"tcp://{engine.LocalEndPoint}",
            ["Mev:Ingest:Sources:1:KeyFile"] = file,
        });
        builder.Services.AddSingleton<IRecordSink>(sink);
        builder.Services.Configure<IngestOptions>(builder.Configuration.GetSection(IngestOptions.Section));
        builder.Services.AddMevSdk().AddIngest();
        using var host = builder.Build();
        try
        {
            await host.StartAsync(Token);
            await sink.WaitForAsync(10);
            await host.StopAsync(Token);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task AddIngest_journal_built_with_its_listeners_and_sinks_with_the_appender_make_no_cycle()
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(0, 3), Token);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(provider =>
        {
            var log = new FakeLog();
            log.Listeners.AddRange(provider.GetServices<IDurabilityListener>());
            return log;
        });
        builder.Services.AddSingleton<IRecordLog>(provider => provider.GetRequiredService<FakeLog>());
        builder.Services.AddSingleton<IRecordSink>(provider => provider.GetRequiredService<FakeLog>());
        builder.Services.AddSingleton<IRecordSink>(provider => new AppendingSink(provider.GetRequiredService<IRecordAppender>()));
        builder.Services.AddMevSdk().AddEngineSource("engine", $"tcp://{engine.LocalEndPoint}");
        using var host = builder.Build();

        await host.StartAsync(Token);
        var log = host.Services.GetRequiredService<FakeLog>();
        await log.WaitForAsync(4);
        var third = log.All.Single(seen => seen.Number == 2);
        log.Commit(third.Position, third.Lsn);
        var monitor = host.Services.GetRequiredService<IngestMonitor>();
        await Eventually.BecomesAsync(() => monitor.GetSnapshot().Sources[0].AcknowledgedSequence == 3);
        await host.StopAsync(Token);
        Assert.Equal([-1L, 0, 1, 2], log.Numbers.Order());
    }

    [Fact]
    public void AddIngest_bad_configuration_names_every_key()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mev:Ingest:Sources:0:Name"] = "a",
            ["Mev:Ingest:Sources:0:Endpoint"] = "nowhere",
            ["Mev:Ingest:Sources:1:Name"] = "a",
            ["Mev:Ingest:Sources:1:Endpoint"] = "tcp://127.0.0.1:9100",
            ["Mev:Ingest:Sources:1:ConnectTimeout"] = "00:00:00",
            ["Mev:Ingest:Sequencer:LaneBytes"] = "1",
        }).Build();
        var services = new ServiceCollection();
        services.Configure<IngestOptions>(configuration.GetSection(IngestOptions.Section));
        services.AddMevSdk().AddIngest();
        using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<IngestOptions>>().Value);

        Assert.Equal(4, exception.Failures.Count());
        foreach (var key in new[] { "Sources:0:Endpoint", "Sources:1:Name", "Sources:1:ConnectTimeout", "Sequencer:LaneBytes" })
        {
            Assert.Contains(exception.Failures, failure => failure.StartsWith($"Mev:Ingest:{key} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task AddIngest_engine_that_asks_for_a_key_is_told_by_the_index_of_its_source()
    {
        var options = new EnginePublisherOptions();
        options.Keys.Add(new byte[32]);
        await using var engine = EnginePublisher.Start(options);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(
        [
            new("Mev:Ingest:Sources:0:Name", "first"), new("Mev:Ingest:Sources:0:Endpoint", "tcp://127.0.0.1:1"),
            new("Mev:Ingest:Sources:1:Name", "second"), new("Mev:Ingest:Sources:1:Endpoint", $"tcp://{engine.LocalEndPoint}"),
        ]);
        builder.Services.Configure<IngestOptions>(builder.Configuration.GetSection(IngestOptions.Section));
        builder.Services.AddMevSdk().AddIngest();
        using var host = builder.Build();
        await host.StartAsync(Token);
        var monitor = host.Services.GetRequiredService<IngestMonitor>();
        string Reason() => monitor.GetSnapshot().Sources.FirstOrDefault(source => source.Name == "second")?.Reason ?? "";
        await Eventually.BecomesAsync(() => Reason().Contains("set Mev:Ingest:Sources:1:Key ", StringComparison.Ordinal), Reason);
        await host.StopAsync(Token);
    }

    [Theory]
    [InlineData("Sources:0:Endpiont", "tcp://h:1", "Mev:Ingest:Sources:0:Endpiont is no option; there are CaptureFolder, ")]
    [InlineData("Sources:1:HeartbeatTolerance", "three", "Mev:Ingest:Sources:1:HeartbeatTolerance is 'three'; give a whole number")]
    [InlineData("Sources:0:Tls:Revocation", "Always", "Mev:Ingest:Sources:0:Tls:Revocation is 'Always'; give NoCheck, Online or Offline.")]
    [InlineData("Views:panel:WhenFull", "Wait", "Mev:Ingest:Views:panel:WhenFull is 'Wait'; give DropNewest or DropOldest.")]
    [InlineData("Health:SinkBusyShare", "90%", "Mev:Ingest:Health:SinkBusyShare is '90%'; give a number")]
    [InlineData("Sequencer", "fast", "Mev:Ingest:Sequencer is a section and has a value of its own; set the keys below it: LaneBytes, ")]
    public async Task AddIngest_keys_and_values_that_mean_nothing_are_told_when_the_host_starts(string key, string value, string expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new($"Mev:Ingest:{key}", value), new("Mev:Ingest:Solana:Rpc:Whatever", "is not ours")]);
        builder.Services.Configure<IngestOptions>(builder.Configuration.GetSection(IngestOptions.Section));
        builder.Services.AddMevSdk().AddIngest();
        using var host = builder.Build();
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Token));
        Assert.StartsWith(expected, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddIngest_failed_sink_shows_in_the_monitor_and_stops_the_host_only_if_asked(bool stopHost)
    {
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(0, 3), Token);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<IRecordSink>(new CollectingSink { OnWrite = _ => throw new IOException("disk full") });
        builder.Services.AddMevSdk().AddIngest(options => options.StopHostOnFailure = stopHost).AddEngineSource("engine", $"tcp://{engine.LocalEndPoint}");
        using var host = builder.Build();
        await host.StartAsync(Token);
        var monitor = host.Services.GetRequiredService<IngestMonitor>();

        await Eventually.BecomesAsync(() => monitor.GetSnapshot() is { Failure: not null, Sources: [{ State: SourceState.Ended }] });

        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        if (stopHost)
        {
            await Eventually.BecomesAsync(() => stopping.IsCancellationRequested);
        }
        else
        {
            Assert.False(stopping.IsCancellationRequested);
        }

        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Meter_counts_frames_and_bytes_by_source()
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Mev.Sdk.Ingest")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags.ToArray().Any(tag => tag is { Key: "source", Value: "metered" }))
            {
                lock (counts)
                {
                    counts[instrument.Name] = counts.GetValueOrDefault(instrument.Name) + value;
                }
            }
        });
        listener.Start();
        await using var engine = EnginePublisher.Start(new EnginePublisherOptions());
        await engine.PublishAsync(Frames.Many(0, 50), Token);
        await using var host = new Stand(engine, options => options.Name = "metered");
        await host.Sink.WaitForAsync(50);
        await Eventually.BecomesAsync(() => host.Snapshot.Frames == 50);

        lock (counts)
        {
            Assert.Equal(50, counts["mev.ingest.frames"]);
            Assert.Equal(Frames.Many(0, 50).Length, counts["mev.ingest.bytes"]);
        }
    }

    private sealed class OneBatchSource : IRecordSource
    {
        public string Name => "one";

        public async Task RunAsync(IRecordIntake intake, CancellationToken cancellationToken)
        {
            var frame = Frames.Numbered(7, sequence: 1);
            await intake.WriteAsync(Wire.RecordBatch.Borrow([frame], 1, new StreamPosition(SourceIds.FromName(Name), 1, 1)), cancellationToken);
        }
    }

    private sealed class AppendingSink(IRecordAppender appender) : IRecordSink
    {
        private bool _appended;

        public ValueTask WriteAsync(Wire.RecordBatch batch, CancellationToken cancellationToken = default)
        {
            if (!_appended)
            {
                _appended = appender.TryAppend(Frames.Numbered(-1));
            }

            return ValueTask.CompletedTask;
        }
    }
}
