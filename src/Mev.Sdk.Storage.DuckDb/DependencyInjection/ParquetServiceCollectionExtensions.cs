using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.DuckDb.Internal;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps warm rows in Parquet files.</summary>
public static class ParquetServiceCollectionExtensions
{
    private const string Folder = "mev-tiers-parquet";

    /// <summary>
    /// Adds a <see cref="ParquetTier"/> as an <see cref="ITierTarget"/> and the <see cref="ParquetHistoryStore"/> that answers from it. Files lie in the registered <see cref="IBlobStore"/>, without one
    /// in <c>tiers</c> of the data directory. Call it after <c>AddStorage</c> and before <c>UseTiers</c>.
    /// </summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder. Safe to call more than once.</returns>
    public static MevSdkBuilder UseParquet(this MevSdkBuilder builder, Action<ParquetTierOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<ParquetTierOptions>()
            .PostConfigure<IServiceProvider>(static (o, provider) =>
                o.CacheDirectory = string.IsNullOrWhiteSpace(o.CacheDirectory) ? provider.GetRequiredService<DataDirectory>().GetPath("parquet") : o.CacheDirectory)
            .ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddConfigurationCheck<ParquetTierOptions, ParquetConfigurationCheck>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ParquetTierOptions>, ParquetOptionsValidator>());
        if (services.All(static s => s.ServiceType != typeof(ParquetTier)))
        {
            services.TryAddKeyedSingleton(Folder, static (p, _) => new FolderBlobStore(p.GetRequiredService<DataDirectory>().GetPath("tiers"), p.GetService<TimeProvider>()));
            services.AddSingleton(static p => new ParquetTier(
                p.GetService<IBlobStore>() ?? p.GetRequiredKeyedService<FolderBlobStore>(Folder), p.GetRequiredService<IOptions<ParquetTierOptions>>().Value));
            services.AddSingleton<ITierTarget>(static p => p.GetRequiredService<ParquetTier>());
            services.AddSingleton<IHistoryStore>(static p => new ParquetHistoryStore(p.GetRequiredService<ParquetTier>(), p.GetRequiredService<TierCatalogueStore>()));
        }

        return builder;
    }
}
