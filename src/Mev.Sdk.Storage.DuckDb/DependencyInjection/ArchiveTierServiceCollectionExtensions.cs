using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.DuckDb.Internal;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes the archive the cold tier.</summary>
public static class ArchiveTierServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="ArchiveColdTier"/> as <see cref="IColdTier"/> over the archive of <c>AddArchive</c>, and the <see cref="ArchiveHistoryStore"/> that answers from it. Call it after <c>AddArchive</c> and
    /// before <c>UseTiers</c>.
    /// </summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options; the same from configuration is <c>Mev:Storage:Cold:*</c>.</param>
    /// <returns>The same builder. Safe to call more than once.</returns>
    public static MevSdkBuilder UseArchiveTier(this MevSdkBuilder builder, Action<ArchiveHistoryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<ArchiveHistoryOptions>()
            .PostConfigure<IServiceProvider>(static (o, provider) =>
                o.ScratchDirectory = string.IsNullOrWhiteSpace(o.ScratchDirectory) ? provider.GetRequiredService<DataDirectory>().GetPath("cold") : o.ScratchDirectory)
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddConfigurationCheck<ArchiveHistoryOptions, ArchiveHistoryConfigurationCheck>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ArchiveHistoryOptions>, ArchiveHistoryOptionsValidator>());
        if (services.All(static s => s.ServiceType != typeof(ArchiveColdTier)))
        {
            services.AddSingleton(static p => new ArchiveColdTier(p.GetRequiredService<ArchiveSet>()));
            services.AddSingleton<IColdTier>(static p => p.GetRequiredService<ArchiveColdTier>());
            services.AddSingleton(static p => new ArchiveHistoryStore(
                p.GetRequiredService<ArchiveColdTier>(), p.GetRequiredService<TierCatalogueStore>(), p.GetRequiredService<IOptions<ArchiveHistoryOptions>>().Value, p.GetService<TimeProvider>()));
            services.AddSingleton<IHistoryStore>(static p => p.GetRequiredService<ArchiveHistoryStore>());
        }

        return builder;
    }
}
