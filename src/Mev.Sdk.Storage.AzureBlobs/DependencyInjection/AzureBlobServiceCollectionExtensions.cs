using Mev.Sdk;
using Mev.Sdk.Configuration;
using Mev.Sdk.Storage.AzureBlobs;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps archives in Azure Blob Storage.</summary>
public static class AzureBlobServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="AzureBlobStore"/> as the host's <see cref="IBlobStore"/>, in place of any that was added before; one that the services hold already is used as it is (register
    /// one with a client of your own to sign in without a connection string). Call it after <c>AddStorage</c>.
    /// </summary>
    /// <param name="builder">The host's packages.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder. Safe to call more than once.</returns>
    public static MevSdkBuilder UseAzureBlobs(this MevSdkBuilder builder, Action<AzureBlobOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<AzureBlobOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddConfigurationCheck<AzureBlobOptions, AzureBlobConfigurationCheck>();
        services.TryAddSingleton(static p => new AzureBlobStore(p.GetRequiredService<IOptions<AzureBlobOptions>>().Value));
        services.RemoveAll<IBlobStore>();
        services.AddSingleton<IBlobStore>(static p => p.GetRequiredService<AzureBlobStore>());
        return builder;
    }
}
