using Mev.Sdk;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.Blobs;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Mev.Sdk.Storage.Tiers.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Moves rows from tier to tier.</summary>
public static class TierServiceCollectionExtensions
{
    private const string Folder = "mev-tiers";

    /// <summary>
    /// Adds the <see cref="TierMover"/> as a hosted service over the tiers that were added before: an <see cref="ITierSource"/> (<c>UseDuckDb</c>, <c>UsePostgres</c>), an <see cref="ITierTarget"/> and,
    /// if there is one, an <see cref="IColdTier"/>; <see cref="TierMoverOptions.Source"/> and <see cref="TierMoverOptions.Target"/> choose among several. The <see cref="TierCatalogueStore"/> lies in the registered
    /// <see cref="IBlobStore"/> (of several hosts that share one, one mover works), without one in the data directory. The <see cref="HistoryPlanner"/> asks each tier what the catalogue gives it, and the
    /// host's <see cref="IHistoryReader"/> looks in all of them.
    /// </summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options; the same from configuration is <c>Mev:Storage:Tiers:*</c>.</param>
    /// <returns>The same builder. Call it after the stores; safe to call more than once.</returns>
    public static MevSdkBuilder UseTiers(this MevSdkBuilder builder, Action<TierMoverOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.Configure<StorageOptions>(options => configure(options.Tiers));
        }

        services.TryAddKeyedSingleton(Folder, static (p, _) => new FolderBlobStore(p.GetRequiredService<DataDirectory>().GetPath("tiers"), p.GetService<TimeProvider>()));
        services.TryAddSingleton(static p => new TierCatalogueStore(p.GetService<IBlobStore>() ?? p.GetRequiredKeyedService<FolderBlobStore>(Folder)));
        if (services.All(static s => s.ServiceType != typeof(TierMover)))
        {
            services.AddSingleton(static p => new TierChoice(p.GetServices<ITierSource>(), p.GetServices<ITierTarget>(), p.GetService<IColdTier>(), p.GetRequiredService<TierCatalogueStore>(), Options(p).Tiers));
            services.AddSingleton(static p =>
            {
                var tiers = p.GetRequiredService<TierChoice>();
                return new TierMover(
                    tiers.Source, tiers.Target, tiers.Cold, p.GetRequiredService<TierCatalogueStore>(), Options(p).Tiers, p.GetService<TimeProvider>(), p.GetService<ILogger<TierMover>>());
            });
            services.AddSingleton<IHostedService>(static p => p.GetRequiredService<TierMover>());

            // Counts are those of the database that the projector fills: every row was there once.
            services.AddSingleton<IHistoryReader>(static p => p.GetRequiredService<TierChoice>().Source is IHistoryReader counts
                ? new HistoryReader(p.GetRequiredService<HistoryPlanner>(), counts, p.GetRequiredService<TierCatalogueStore>())
                : throw new InvalidOperationException($"'{p.GetRequiredService<TierChoice>().Source.Name}' keeps no counts: register an {nameof(IHistoryReader)} behind UseTiers()."));
        }

        return builder;
    }

    private static StorageOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<StorageOptions>>().Value;
}
