using Mev.Sdk.Configuration;

namespace Mev.Sdk.Storage.DuckDb.Internal;

/// <summary>Tells of keys under <c>Mev:Storage:Parquet</c> that no option has, and of values of the wrong type.</summary>
internal sealed class ParquetConfigurationCheck(IServiceProvider services)
    : ConfigurationCheck<ParquetTierOptions>(services, "Mev:Storage:Parquet", OptionShape.Of<ParquetTierOptions>());
