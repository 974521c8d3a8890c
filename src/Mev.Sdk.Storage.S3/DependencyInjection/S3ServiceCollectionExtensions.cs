using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Storage.S3;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps archives in an S3 bucket.</summary>
public static class S3ServiceCollectionExtensions
{
    /// <summary>Adds an <see cref="S3BlobStore"/> as the host's <see cref="IBlobStore"/>, in place of any that was added before. Call it after <c>AddStorage</c>.</summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder. Safe to call more than once.</returns>
    public static MevSdkBuilder UseS3(this MevSdkBuilder builder, Action<S3Options>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<S3Options>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddConfigurationCheck<S3Options, S3ConfigurationCheck>();
        services.TryAddSingleton(static p => new S3BlobStore(p.GetRequiredService<IOptions<S3Options>>().Value, p.GetService<ILogger<S3BlobStore>>()));
        services.RemoveAll<IBlobStore>();
        services.AddSingleton<IBlobStore>(static p => p.GetRequiredService<S3BlobStore>());
        return builder;
    }
}
