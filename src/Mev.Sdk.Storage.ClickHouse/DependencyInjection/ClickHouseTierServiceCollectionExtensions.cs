using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Storage.ClickHouse;
using Mev.Sdk.Storage.ClickHouse.Internal;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps warm rows in ClickHouse.</summary>
public static class ClickHouseTierServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="ClickHouseTier"/> as an <see cref="ITierTarget"/> and the <see cref="ClickHouseTierHistory"/> that answers from it. No projector fills it: that is <c>UseClickHouse</c>, which may be used beside
    /// it, with the same <see cref="ClickHouseOptions"/>. Call it after <c>AddStorage</c> and before <c>UseTiers</c>.
    /// </summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder. Safe to call more than once.</returns>
    public static MevSdkBuilder UseClickHouseTier(this MevSdkBuilder builder, Action<ClickHouseOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<ClickHouseOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddConfigurationCheck<ClickHouseOptions, ClickHouseConfigurationCheck>();
        if (services.All(static s => s.ServiceType != typeof(ClickHouseTier)))
        {
            services.AddSingleton(static p => new ClickHouseTier(p.GetRequiredService<IOptions<ClickHouseOptions>>().Value, p.GetService<TimeProvider>(), p.GetService<ILogger<ClickHouseTier>>()));
            services.AddSingleton<ITierTarget>(static p => p.GetRequiredService<ClickHouseTier>());
            services.AddSingleton<IHistoryStore>(static p => new ClickHouseTierHistory(p.GetRequiredService<ClickHouseTier>(), p.GetRequiredService<TierCatalogueStore>()));
        }

        return builder;
    }
}
