using Mev.Sdk.Configuration;

namespace Mev.Sdk.Storage.DuckDb.Internal;

/// <summary>Tells of keys under <c>Mev:Storage:DuckDb</c> that no option has, and of values of the wrong type.</summary>
internal sealed class DuckDbConfigurationCheck(IServiceProvider services)
    : ConfigurationCheck<DuckDbOptions>(services, "Mev:Storage:DuckDb", OptionShape.Of<DuckDbOptions>());
