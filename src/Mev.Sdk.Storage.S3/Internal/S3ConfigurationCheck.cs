using Mev.Sdk.Configuration;

namespace Mev.Sdk.Storage.S3;

/// <summary>Tells of keys under <c>Mev:Storage:S3</c> that no option has, and of values of the wrong type.</summary>
internal sealed class S3ConfigurationCheck(IServiceProvider services)
    : ConfigurationCheck<S3Options>(services, "Mev:Storage:S3", OptionShape.Of<S3Options>());
