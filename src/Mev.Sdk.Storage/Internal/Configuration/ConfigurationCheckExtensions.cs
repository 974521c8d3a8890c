using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Configuration;

/// <summary>Registers checks of the configuration.</summary>
internal static class ConfigurationCheckExtensions
{
    /// <summary>Adds a check once, before everything that configures the options: also before what the host bound earlier, whose binder would fail first.</summary>
    public static void AddConfigurationCheck<TOptions, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCheck>(this IServiceCollection services)
        where TOptions : class
        where TCheck : ConfigurationCheck<TOptions>
    {
        if (services.All(static service => service.ImplementationType != typeof(TCheck)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<TOptions>, TCheck>());
        }
    }
}
