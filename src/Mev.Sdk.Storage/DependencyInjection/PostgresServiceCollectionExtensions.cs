using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.Postgres;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts PostgreSQL behind the storage contracts.</summary>
public static class PostgresServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="PostgresStore"/> as <see cref="IHistoryReader"/>, <see cref="IHistoryStore"/>, <see cref="ITierSource"/> and <see cref="IProjectionTarget"/>, and a <see cref="Projector"/> of its own that fills it. Call it after <c>AddStorage</c>;
    /// of several stores the one that was added last is read from.
    /// </summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder. Safe to call more than once.</returns>
    public static MevSdkBuilder UsePostgres(this MevSdkBuilder builder, Action<PostgresOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<PostgresOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddConfigurationCheck<PostgresOptions, PostgresConfigurationCheck>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresOptions>, PostgresOptionsValidator>());
        if (services.All(static s => s.ServiceType != typeof(PostgresStore)))
        {
            services.AddSingleton(static p => new PostgresStore(p.GetRequiredService<IOptions<PostgresOptions>>().Value, p.GetService<TimeProvider>(), p.GetService<ILogger<PostgresStore>>()));
            services.AddSingleton<IHistoryReader>(static p => p.GetRequiredService<PostgresStore>());
            services.AddSingleton<IHistoryStore>(static p => p.GetRequiredService<PostgresStore>());
            services.AddSingleton<ITierSource>(static p => p.GetRequiredService<PostgresStore>());
            builder.AddProjector<PostgresStore>();
        }

        return builder;
    }
}
