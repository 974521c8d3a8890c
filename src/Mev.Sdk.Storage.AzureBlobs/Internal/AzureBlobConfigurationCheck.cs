using Mev.Sdk.Configuration;

namespace Mev.Sdk.Storage.AzureBlobs;

/// <summary>Tells of keys under <c>Mev:Storage:AzureBlobs</c> that no option has, and of values of the wrong type.</summary>
internal sealed class AzureBlobConfigurationCheck(IServiceProvider services)
    : ConfigurationCheck<AzureBlobOptions>(services, "Mev:Storage:AzureBlobs", OptionShape.Of<AzureBlobOptions>());
