using Mev.Sdk.Configuration;
using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Health;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Ingest.Transports.Tls;
using Mev.Sdk.Ingest.Views;

namespace Mev.Sdk.Ingest.DependencyInjection;

/// <summary>Tells of keys under <c>Mev:Ingest</c> that no option has, and of values of the wrong type.</summary>
internal sealed class IngestConfigurationCheck(IServiceProvider services) : ConfigurationCheck<IngestOptions>(services, IngestOptions.Section, Shape)
{
    internal static OptionShape Shape { get; } = OptionShape.Of<IngestOptions>(
        ("Sources", OptionShape.Each(OptionShape.Of<EngineSourceOptions>(("Tls", OptionShape.Of<TlsClientOptions>())))),
        ("Accept", OptionShape.Of<EngineAcceptorOptions>(("Engines", OptionShape.Each(OptionShape.Of<AcceptedEngineOptions>())))),
        ("Sequencer", OptionShape.Of<RecordSequencerOptions>()),
        ("Control", OptionShape.Of<EngineControlOptions>()),
        ("Views", OptionShape.Each(OptionShape.Of<ViewOptions>())),
        ("Health", OptionShape.Of<IngestHealthOptions>()),
        ("Solana", OptionShape.Foreign));
}
