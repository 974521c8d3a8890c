using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Ingest;
using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.DependencyInjection;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the intake to a host.</summary>
public static class IngestServiceCollectionExtensions
{
    /// <summary>
    /// Adds the sequencer over every registered <see cref="IRecordSink"/> and the <see cref="IRecordLog"/> if there is one, the gap ledger, the
    /// monitor, the way back to the engines (<see cref="IEngineControl"/>), and a hosted service that runs every <see cref="IRecordSource"/> and every configured engine.
    /// </summary>
    /// <remarks>Safe to call more than once; each call may configure further. Bind <c>Mev:Ingest</c> with <c>services.Configure&lt;IngestOptions&gt;(section)</c>.</remarks>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns>The same builder.</returns>
    public static MevSdkBuilder AddIngest(this MevSdkBuilder builder, Action<IngestOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.AddOptionsWithValidateOnStart<IngestOptions>();
        services.AddConfigurationCheck<IngestOptions, IngestConfigurationCheck>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IngestOptions>, IngestOptionsValidator>());
        services.TryAddSingleton<IngestMonitor>();

        // Sinks are given the lane, not the sequencer: the sequencer is built from the sinks.
        services.TryAddSingleton(provider => new SystemLane(
            provider.GetRequiredService<IOptions<IngestOptions>>().Value.Sequencer,
            provider.GetRequiredService<IngestMonitor>(),
            provider.GetService<TimeProvider>()));
        services.TryAddSingleton<IRecordAppender>(provider => provider.GetRequiredService<SystemLane>());
        services.TryAddSingleton<GapLedger>();
        services.TryAddSingleton<ICoverage>(provider => provider.GetRequiredService<GapLedger>());
        services.TryAddSingleton<ConfiguredSources>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDurabilityListener, ConfiguredSources>(
            provider => provider.GetRequiredService<ConfiguredSources>()));
        services.TryAddSingleton(provider => new EngineControl(
            provider.GetRequiredService<ConfiguredSources>().Sources.Concat(provider.GetServices<IRecordSource>()),
            provider.GetRequiredService<SystemLane>(),
            provider.GetService<IRecordLog>,
            provider.GetRequiredService<IOptions<IngestOptions>>().Value.Control,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<EngineControl>>(),
            provider.GetRequiredService<EngineAcceptor>()));
        services.TryAddSingleton<IEngineControl>(provider => provider.GetRequiredService<EngineControl>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDurabilityListener, EngineControl>(
            provider => provider.GetRequiredService<EngineControl>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRecordSink, EngineControl>(
            provider => provider.GetRequiredService<EngineControl>()));

        // The sequencer and the journal are asked for when an engine connects: both are built with the journal's listeners, this one among them.
        services.TryAddSingleton(provider => new EngineAcceptor(
            provider.GetRequiredService<IOptions<IngestOptions>>().Value.Accept,
            provider.GetRequiredService<IRecordIntake>,
            provider.GetService<IRecordLog>,
            provider.GetRequiredService<GapLedger>(),
            provider.GetRequiredService<IngestMonitor>(),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<EngineAcceptor>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDurabilityListener, EngineAcceptor>(
            provider => provider.GetRequiredService<EngineAcceptor>()));
        services.TryAddSingleton(provider => new RecordSequencer(
            provider.GetServices<IRecordSink>(),
            provider.GetService<IRecordLog>(),
            provider.GetRequiredService<SystemLane>(),
            provider.GetRequiredService<IOptions<IngestOptions>>().Value.Sequencer.LogId,
            provider.GetRequiredService<IngestMonitor>(),
            provider.GetService<ILogger<RecordSequencer>>(),
            provider.GetService<TimeProvider>()));
        services.TryAddSingleton<IRecordIntake>(provider => provider.GetRequiredService<RecordSequencer>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, IngestService>());
        return builder;
    }

    /// <summary>Lets an engine connect to this host; the endpoint that takes it in is mapped by Mev.Sdk.Ingest.AspNetCore.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="name">The source's name, unique on this host, and what the engine says in its hello unless options say otherwise; keep it, since the journal knows the stream by it.</param>
    /// <param name="configure">Sets further options, such as the engine's key.</param>
    /// <returns>The same builder.</returns>
    public static MevSdkBuilder AcceptEngine(this MevSdkBuilder builder, string name, Action<AcceptedEngineOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return builder.AddIngest(options =>
        {
            var engine = new AcceptedEngineOptions { Name = name };
            configure?.Invoke(engine);
            options.Accept.Engines.Add(engine);
        });
    }

    /// <summary>Adds an engine's stream; the endpoint's URI chooses the transport.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="name">The source's name, unique on this host; keep it, since the journal knows the stream by it.</param>
    /// <param name="endpoint">Where the engine is, as in <c>tcp://HOST:PORT</c> or <c>unix:///PATH</c>; see <see cref="EngineSourceOptions.Endpoint"/>.</param>
    /// <param name="configure">Sets further options.</param>
    /// <returns>The same builder.</returns>
    public static MevSdkBuilder AddEngineSource(this MevSdkBuilder builder, string name, string endpoint, Action<EngineSourceOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(endpoint);
        return builder.AddIngest(options =>
        {
            var source = new EngineSourceOptions { Name = name, Endpoint = endpoint };
            configure?.Invoke(source);
            options.Sources.Add(source);
        });
    }
}
