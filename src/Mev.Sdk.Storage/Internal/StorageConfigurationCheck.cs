using Mev.Sdk.Configuration;
using Mev.Sdk.Storage.Archive;
using Mev.Sdk.Storage.Health;
using Mev.Sdk.Storage.Journal;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Internal;

/// <summary>Tells of keys under <c>Mev:Storage</c> that no option has, and of values of the wrong type.</summary>
internal sealed class StorageConfigurationCheck(IServiceProvider services) : ConfigurationCheck<StorageOptions>(services, "Mev:Storage", Shape)
{
    internal static OptionShape Shape { get; } = OptionShape.Of<StorageOptions>(
        ("Journal", OptionShape.Of<JournalOptions>(
            ("Encryption", OptionShape.Of<JournalEncryptionOptions>()),
            ("Retention", OptionShape.Of<JournalRetentionOptions>()))),
        ("Projector", OptionShape.Of<ProjectorOptions>()),
        ("Archive", OptionShape.Of<ArchiveOptions>(("Reader", OptionShape.Of<ArchiveReaderOptions>()), ("Import", OptionShape.Foreign))),
        ("Tiers", OptionShape.Of<TierMoverOptions>(("Policy", OptionShape.Of<TierPolicyOptions>()))),
        ("Queries", OptionShape.Of<HistoryPlannerOptions>()),
        ("Health", OptionShape.Of<StorageHealthOptions>()),
        ("DuckDb", OptionShape.Foreign),
        ("Cold", OptionShape.Foreign),
        ("Columnar", OptionShape.Foreign),
        ("Parquet", OptionShape.Foreign),
        ("Postgres", OptionShape.Foreign),
        ("ClickHouse", OptionShape.Foreign),
        ("AzureBlobs", OptionShape.Foreign),
        ("S3", OptionShape.Foreign));
}
