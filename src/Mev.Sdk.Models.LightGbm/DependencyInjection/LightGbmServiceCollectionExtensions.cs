using Mev.Sdk;
using Mev.Sdk.Models.LightGbm;
using Mev.Sdk.Models.Training;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds LightGBM to a host.</summary>
public static class LightGbmServiceCollectionExtensions
{
    /// <summary>Adds <see cref="LightGbmTrainer"/> as the trainer of models; bind its options to <c>Mev:LightGbm</c>.</summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Changes the defaults; null = none.</param>
    /// <returns>The builder. Safe to call more than once.</returns>
    /// <remarks>Works without the native library: ask <see cref="LightGbmTrainer.CheckAvailable"/> before training.</remarks>
    public static MevSdkBuilder AddLightGbm(this MevSdkBuilder builder, Action<LightGbmOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = builder.Services.AddOptions<LightGbmOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.TryAddSingleton<IModelTrainer>(static s =>
            new LightGbmTrainer(s.GetRequiredService<IOptions<LightGbmOptions>>().Value, s.GetRequiredService<TimeProvider>()));
        return builder;
    }
}
