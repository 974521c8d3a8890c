using Mev.Sdk.Configuration;

namespace Mev.Sdk.Storage.Postgres;

/// <summary>Tells of keys under <c>Mev:Storage:Postgres</c> that no option has, and of values of the wrong type.</summary>
internal sealed class PostgresConfigurationCheck(IServiceProvider services)
    : ConfigurationCheck<PostgresOptions>(services, "Mev:Storage:Postgres", OptionShape.Of<PostgresOptions>());
