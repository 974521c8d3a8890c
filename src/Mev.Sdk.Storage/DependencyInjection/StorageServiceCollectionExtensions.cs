using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.Internal;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tiers.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds storage to a host.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>
    /// Adds the data directory and the journal, which is the host's <see cref="IRecordLog"/> and one of its <see cref="IRecordSink"/>s. Every
    /// registered <see cref="IDurabilityListener"/> hears of its commits from the host's start on, every <see cref="IRetentionHold"/> keeps what it needs, and
    /// a registered <see cref="IKeyProvider"/> gives the keys instead of the configuration. A <see cref="HistoryPlanner"/> asks every registered <see cref="IHistoryStore"/>, and every database that is filled
    /// and can be asked.
    /// </summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder. Safe to call more than once.</returns>
    public static MevSdkBuilder AddStorage(this MevSdkBuilder builder, Action<StorageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<StorageOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddConfigurationCheck<StorageOptions, StorageConfigurationCheck>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>());
        services.TryAddSingleton(static provider =>
        {
            var options = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
            return DataDirectory.Open(options.DataDirectory, options.Kind, provider.GetService<TimeProvider>());
        });
        services.TryAddSingleton(static provider => new HistoryPlanner(
            Stores(provider),
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.Queries,
            provider.GetService<TimeProvider>()));
        if (services.All(static s => s.ServiceType != typeof(RecordJournal)))
        {
            services.AddSingleton(OpenJournal);
            services.AddSingleton<IRecordLog>(static provider => provider.GetRequiredService<RecordJournal>());
            services.AddSingleton<IRecordSink>(static provider => provider.GetRequiredService<RecordJournal>());
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DurabilityListenerBinding>());
        }

        return builder;
    }

    // With tiers, each of them answers for what the catalogue gives it.
    private static IEnumerable<IHistoryStore> Stores(IServiceProvider provider)
    {
        var stores = provider.GetServices<IHistoryStore>().Concat(provider.GetServices<IProjectionTarget>().OfType<IHistoryStore>()).Distinct();
        return provider.GetService<TierChoice>() is { } tiers ? tiers.Divide(stores) : stores;
    }

    private static RecordJournal OpenJournal(IServiceProvider provider)
    {
        // Read-only use of the options: the journal's folder follows the data directory unless somebody placed it elsewhere.
        var stated = provider.GetRequiredService<IOptions<StorageOptions>>().Value.Journal;
        var directory = string.IsNullOrWhiteSpace(stated.Directory) ? provider.GetRequiredService<DataDirectory>().JournalPath : stated.Directory;
        var journal = RecordJournal.Prepare(
            stated.In(directory),
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<RecordJournal>>(),
            provider.GetService<IKeyProvider>(),
            JournalDisk.System);
        journal.StartWriter();
        return journal;
    }
}
