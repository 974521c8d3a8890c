using Mev.Sdk.Configuration;

namespace Mev.Sdk.Storage.Columnar.Internal;

/// <summary>Tells of keys under <c>Mev:Storage:Columnar</c> that no option has, and of values of the wrong type.</summary>
internal sealed class ColumnarConfigurationCheck(IServiceProvider services)
    : ConfigurationCheck<ColumnarOptions>(services, "Mev:Storage:Columnar", OptionShape.Of<ColumnarOptions>());
