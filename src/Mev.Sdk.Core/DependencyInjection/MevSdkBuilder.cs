using Microsoft.Extensions.DependencyInjection;

namespace Mev.Sdk;

/// <summary>Collects the packages a host composes; each package adds its own extension methods.</summary>
/// <param name="services">The host's services.</param>
public sealed class MevSdkBuilder(IServiceCollection services)
{
    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; } = services ?? throw new ArgumentNullException(nameof(services));
}
