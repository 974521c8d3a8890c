using Mev.Sdk;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Mev.Sdk to a host.</summary>
public static class CoreServiceCollectionExtensions
{
    /// <summary>Adds what every package shares and returns a builder that the packages extend.</summary>
    /// <param name="services">The host's services.</param>
    /// <returns>The builder. Safe to call more than once.</returns>
    public static MevSdkBuilder AddMevSdk(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        return new MevSdkBuilder(services);
    }
}
