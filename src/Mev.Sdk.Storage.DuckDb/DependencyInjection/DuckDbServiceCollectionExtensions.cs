using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.DuckDb.Internal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts DuckDB behind the storage contracts.</summary>
public static class DuckDbServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="DuckDbStore"/> as <see cref="IHistoryReader"/>, <see cref="ITrainingSampleStore"/>, <see cref="ITierSource"/> and <see cref="IProjectionTarget"/>, and
    /// the <see cref="Projector"/> that fills it. Call it after <c>AddStorage</c>.
    /// </summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder. Safe to call more than once.</returns>
    public static MevSdkBuilder UseDuckDb(this MevSdkBuilder builder, Action<DuckDbOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<DuckDbOptions>()
            .PostConfigure<IServiceProvider>(static (o, provider) =>
                o.Path = string.IsNullOrWhiteSpace(o.Path) ? provider.GetRequiredService<DataDirectory>().GetPath("history.duckdb") : o.Path);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddConfigurationCheck<DuckDbOptions, DuckDbConfigurationCheck>();
        if (services.All(static s => s.ServiceType != typeof(DuckDbStore)))
        {
            services.AddSingleton(static p => new DuckDbStore(p.GetRequiredService<IOptions<DuckDbOptions>>().Value, p.GetService<TimeProvider>(), p.GetService<ILogger<DuckDbStore>>()));
            services.AddSingleton<IHistoryReader>(static p => p.GetRequiredService<DuckDbStore>());
            services.AddSingleton<ITierSource>(static p => p.GetRequiredService<DuckDbStore>());
            services.AddSingleton<ITrainingSampleStore>(static p => p.GetRequiredService<DuckDbStore>());
            builder.AddProjector<DuckDbStore>();
        }

        return builder;
    }
}
