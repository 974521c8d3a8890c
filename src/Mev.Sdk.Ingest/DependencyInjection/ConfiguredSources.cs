using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Ingest.DependencyInjection;

/// <summary>The sources that options name. One listener for all, since their number is known only when options are read.</summary>
internal sealed class ConfiguredSources : IDurabilityListener
{
    public ConfiguredSources(
        IOptions<IngestOptions> options, IServiceProvider services, GapLedger gaps, IngestMonitor monitor, TimeProvider time, ILogger<EngineRecordSource>? logger = null)
    {
        // The journal is asked for when a source starts, not now: the journal itself is built with its durability listeners, this one among them.
        Sources = [.. options.Value.Sources.Select((source, i) =>
        {
            source.Section = $"{IngestOptions.Section}:Sources:{i}";
            return new EngineRecordSource(source, services.GetService<IRecordLog>, gaps, monitor, time, logger);
        })];
    }

    public IReadOnlyList<EngineRecordSource> Sources { get; }

    public void OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions)
    {
        foreach (var source in Sources)
        {
            source.OnDurable(durable, positions);
        }
    }
}
