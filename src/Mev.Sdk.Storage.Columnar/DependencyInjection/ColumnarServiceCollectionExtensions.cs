using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Storage.Columnar;
using Mev.Sdk.Storage.Columnar.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the exporters.</summary>
public static class ColumnarServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="ParquetExporter"/> and an <see cref="ArrowExporter"/>.</summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder. Safe to call more than once.</returns>
    public static MevSdkBuilder AddColumnar(this MevSdkBuilder builder, Action<ColumnarOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<ColumnarOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddConfigurationCheck<ColumnarOptions, ColumnarConfigurationCheck>();
        services.TryAddSingleton(static provider => new ParquetExporter(provider.GetRequiredService<IOptions<ColumnarOptions>>().Value, provider.GetService<TimeProvider>()));
        services.TryAddSingleton(static provider => new ArrowExporter(provider.GetRequiredService<IOptions<ColumnarOptions>>().Value, provider.GetService<TimeProvider>()));
        return builder;
    }
}
