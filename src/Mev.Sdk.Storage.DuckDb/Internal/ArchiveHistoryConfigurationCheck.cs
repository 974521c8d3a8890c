using Mev.Sdk.Configuration;

namespace Mev.Sdk.Storage.DuckDb.Internal;

/// <summary>Tells of keys under <c>Mev:Storage:Cold</c> that no option has, and of values of the wrong type.</summary>
internal sealed class ArchiveHistoryConfigurationCheck(IServiceProvider services)
    : ConfigurationCheck<ArchiveHistoryOptions>(services, "Mev:Storage:Cold", OptionShape.Of<ArchiveHistoryOptions>());
