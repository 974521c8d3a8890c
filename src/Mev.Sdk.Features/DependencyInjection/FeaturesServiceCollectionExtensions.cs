using Mev.Sdk;
using Mev.Sdk.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds features to a host.</summary>
public static class FeaturesServiceCollectionExtensions
{
    /// <summary>Adds the feature engine's options, checked when first used; bind them to <c>Mev:Features</c>.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Changes the defaults; null = none.</param>
    /// <returns>The builder. Safe to call more than once.</returns>
    /// <remarks>Each resolved <see cref="FeatureEngine"/> is a new one: every consumer of the stream has its own.</remarks>
    public static MevSdkBuilder AddFeatures(this MevSdkBuilder builder, Action<FeatureEngineOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<FeatureEngineOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.TryAddTransient(static services =>
            new FeatureEngine(services.GetRequiredService<Options.IOptions<FeatureEngineOptions>>().Value));
        return builder;
    }
}
