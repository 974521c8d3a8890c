using Mev.Sdk;
using Mev.Sdk.Storage;
using Mev.Sdk.Storage.Projection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds projections to a host.</summary>
public static class ProjectionServiceCollectionExtensions
{
    /// <summary>
    /// Adds the <see cref="Projector"/> that fills a target from the host's <see cref="IRecordLog"/>: as one of the host's <see cref="Projector"/>s, as a hosted service and as an
    /// <see cref="IRetentionHold"/>. Each target has its own checkpoint and its own lag; a slow one holds up no other.
    /// </summary>
    /// <typeparam name="TTarget">The target, which is registered as a singleton.</typeparam>
    /// <param name="builder">The host's packages.</param>
    /// <returns>The same builder. Safe to call more than once for a target.</returns>
    public static MevSdkBuilder AddProjector<TTarget>(this MevSdkBuilder builder)
        where TTarget : class, IProjectionTarget
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(static s => s.ServiceType == typeof(ProjectorOf<TTarget>)))
        {
            return builder;
        }

        services.AddSingleton(static provider => new ProjectorOf<TTarget>(new Projector(
            provider.GetRequiredService<IRecordLog>(),
            provider.GetRequiredService<TTarget>(),
            provider.GetRequiredService<IOptions<StorageOptions>>().Value.Projector,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<Projector>>())));
        services.AddSingleton<IProjectionTarget>(static provider => provider.GetRequiredService<TTarget>());
        services.AddSingleton(Resolve<TTarget>);
        services.AddSingleton<IRetentionHold>(Resolve<TTarget>);
        services.AddSingleton<IHostedService>(Resolve<TTarget>);
        return builder;
    }

    private static Projector Resolve<TTarget>(IServiceProvider provider)
        where TTarget : class, IProjectionTarget => provider.GetRequiredService<ProjectorOf<TTarget>>().Projector;
}
