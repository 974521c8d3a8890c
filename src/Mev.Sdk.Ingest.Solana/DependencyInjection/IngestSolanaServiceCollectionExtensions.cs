using System.Diagnostics.CodeAnalysis;
using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Ingest;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Solana.DependencyInjection;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Ingest.Solana.Nodes;
using Mev.Sdk.Ingest.Solana.Rpc;
using Mev.Sdk.Ingest.Solana.Ws;
using Mev.Sdk.Ingest.Solana.Yellowstone;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the chain as a source to a host.</summary>
/// <remarks>Each method may be called once; options are validated when the host starts, and messages name their keys.</remarks>
public static class IngestSolanaServiceCollectionExtensions
{
    /// <summary>The key that <see cref="AddSolanaSource"/> chooses by.</summary>
    private const string SourceKey = "Mev:Source";

    /// <summary>Adds the source that <c>Mev:Source</c> names (solana-rpc, solana-ws, yellowstone, block-files), with options from configuration.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configuration">The host's configuration; environment variables such as <c>Mev__Ingest__Solana__Rpc__Connection__Token</c> are part of it.</param>
    /// <returns>Whether a source was added: false when <c>Mev:Source</c> is missing or names none of these.</returns>
    public static bool AddSolanaSource(this MevSdkBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        switch (configuration[SourceKey])
        {
            case SolanaRpcSource.Kind:
                builder.Services.Configure<SolanaRpcSourceOptions>(configuration.GetSection(SolanaRpcSourceOptions.Section));
                builder.AddSolanaRpcSource();
                return true;
            case SolanaWebSocketSource.Kind:
                builder.Services.Configure<SolanaWebSocketSourceOptions>(configuration.GetSection(SolanaWebSocketSourceOptions.Section));
                builder.AddSolanaWebSocketSource();
                return true;
            case YellowstoneSource.Kind:
                builder.Services.Configure<YellowstoneSourceOptions>(configuration.GetSection(YellowstoneSourceOptions.Section));
                builder.AddYellowstoneSource();
                return true;
            case BlockFileSource.Kind:
                builder.Services.Configure<BlockFileSourceOptions>(configuration.GetSection(BlockFileSourceOptions.Section));
                builder.AddBlockFiles();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Adds the source that polls a JSON-RPC endpoint.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Sets options; bind <c>Mev:Ingest:Solana:Rpc</c> by <c>services.Configure</c>.</param>
    /// <returns>The same builder.</returns>
    public static MevSdkBuilder AddSolanaRpcSource(this MevSdkBuilder builder, Action<SolanaRpcSourceOptions>? configure = null) =>
        Add(builder, configure, static (options, errors) => options.Validate(SolanaRpcSourceOptions.Section, errors), static (options, services) =>
            new SolanaRpcSource(options, services.GetService<IRecordLog>, services.GetRequiredService<GapLedger>(), services.GetRequiredService<IngestMonitor>(), services.GetService<TimeProvider>(), services.GetService<ILogger<SolanaRpcSource>>()));

    /// <summary>Adds the source that follows a node's WebSocket subscriptions.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Sets options; bind <c>Mev:Ingest:Solana:WebSocket</c> by <c>services.Configure</c>.</param>
    /// <returns>The same builder.</returns>
    public static MevSdkBuilder AddSolanaWebSocketSource(this MevSdkBuilder builder, Action<SolanaWebSocketSourceOptions>? configure = null) =>
        Add(builder, configure, static (options, errors) => options.Validate(SolanaWebSocketSourceOptions.Section, errors), static (options, services) =>
            new SolanaWebSocketSource(options, services.GetService<IRecordLog>, services.GetRequiredService<GapLedger>(), services.GetRequiredService<IngestMonitor>(), services.GetService<TimeProvider>(), services.GetService<ILogger<SolanaWebSocketSource>>()));

    /// <summary>Adds the source that follows a Yellowstone gRPC endpoint.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Sets options; bind <c>Mev:Ingest:Solana:Yellowstone</c> by <c>services.Configure</c>.</param>
    /// <returns>The same builder.</returns>
    public static MevSdkBuilder AddYellowstoneSource(this MevSdkBuilder builder, Action<YellowstoneSourceOptions>? configure = null) =>
        Add(builder, configure, static (options, errors) => options.Validate(YellowstoneSourceOptions.Section, errors), static (options, services) =>
            new YellowstoneSource(options, services.GetService<IRecordLog>, services.GetRequiredService<GapLedger>(), services.GetRequiredService<IngestMonitor>(), services.GetService<TimeProvider>(), services.GetService<ILogger<YellowstoneSource>>()));

    /// <summary>Adds the source that reads block files.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Sets options; bind <c>Mev:Ingest:Solana:Files</c> by <c>services.Configure</c>.</param>
    /// <returns>The same builder.</returns>
    public static MevSdkBuilder AddBlockFiles(this MevSdkBuilder builder, Action<BlockFileSourceOptions>? configure = null) =>
        Add(builder, configure, static (options, errors) => options.Validate(BlockFileSourceOptions.Section, errors), static (options, services) =>
            new BlockFileSource(options, services.GetService<IRecordLog>, services.GetRequiredService<GapLedger>(), services.GetRequiredService<IngestMonitor>(), services.GetService<TimeProvider>(), services.GetService<ILogger<BlockFileSource>>()));

    /// <summary>Adds the poller of the cluster's nodes.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Sets options; bind <c>Mev:Ingest:Solana:Nodes</c> by <c>services.Configure</c>.</param>
    /// <returns>The same builder.</returns>
    public static MevSdkBuilder AddNodePoller(this MevSdkBuilder builder, Action<NodePollerOptions>? configure = null) =>
        Add(builder, configure, static (options, errors) => options.Validate(NodePollerOptions.Section, errors), static (options, services) =>
            new NodePoller(options, services.GetService<IRecordLog>, services.GetRequiredService<IngestMonitor>(), services.GetService<TimeProvider>(), services.GetService<ILogger<NodePoller>>()));

    private static MevSdkBuilder Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions, TSource>(
        MevSdkBuilder builder, Action<TOptions>? configure, Action<TOptions, List<string>> validate, Func<TOptions, IServiceProvider, TSource> create)
        where TOptions : class
        where TSource : class, IRecordSource
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddIngest();
        var services = builder.Services;
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.AddOptionsWithValidateOnStart<TOptions>();
        services.AddConfigurationCheck<TOptions, SourceConfigurationCheck<TOptions>>();
        services.AddSingleton<IValidateOptions<TOptions>>(new SourceOptionsValidator<TOptions>(validate));
        services.AddSingleton(provider => create(provider.GetRequiredService<IOptions<TOptions>>().Value, provider));
        services.AddSingleton<IRecordSource>(static provider => provider.GetRequiredService<TSource>());
        return builder;
    }
}
