using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.ClickHouse;
using Mev.Sdk.Storage.ClickHouse.Internal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Relational;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts ClickHouse behind the storage contracts.</summary>
public static class ClickHouseServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="ClickHouseStore"/> as an <see cref="IProjectionTarget"/> with the <see cref="Projector"/> that fills it, and as <see cref="IHistoryReader"/> where there is none yet. Call it
    /// after <c>AddStorage</c>; beside other stores each has a projector of its own.
    /// </summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder. Safe to call more than once.</returns>
    public static MevSdkBuilder UseClickHouse(this MevSdkBuilder builder, Action<ClickHouseOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<ClickHouseOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddConfigurationCheck<ClickHouseOptions, ClickHouseConfigurationCheck>();
        if (services.All(static s => s.ServiceType != typeof(ClickHouseStore)))
        {
            services.AddSingleton(static p => new ClickHouseStore(
                p.GetRequiredService<IOptions<ClickHouseOptions>>().Value, p.GetService<TimeProvider>(), p.GetService<ILogger<ClickHouseStore>>()));
            services.TryAddSingleton<IHistoryReader>(static p => p.GetRequiredService<ClickHouseStore>());
            builder.AddProjector<ClickHouseStore>();
        }

        return builder;
    }
}
