using Mev.Sdk.Configuration;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>Tells of keys under <c>Mev:Storage:ClickHouse</c> that no option has, and of values of the wrong type.</summary>
internal sealed class ClickHouseConfigurationCheck(IServiceProvider services)
    : ConfigurationCheck<ClickHouseOptions>(services, "Mev:Storage:ClickHouse", OptionShape.Of<ClickHouseOptions>());
