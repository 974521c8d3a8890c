using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Health;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Ingest.Views;

namespace Mev.Sdk.Ingest;

/// <summary>Options of the intake. Configuration shape: <c>Mev:Ingest:*</c>.</summary>
public sealed class IngestOptions
{
    /// <summary>Where the options stand in configuration.</summary>
    public const string Section = "Mev:Ingest";

    /// <summary>Engines to take streams from, <c>Mev:Ingest:Sources:0:Endpoint</c> and so on. Default none.</summary>
    public IList<EngineSourceOptions> Sources { get; } = [];

    /// <summary>Engines that may connect to this host, <c>Mev:Ingest:Accept:*</c>. Default none.</summary>
    public EngineAcceptorOptions Accept { get; set; } = new();

    /// <summary>Bounds of the host's own records, <c>Mev:Ingest:Sequencer:*</c>.</summary>
    public RecordSequencerOptions Sequencer { get; set; } = new();

    /// <summary>Bounds of what is sent to engines, <c>Mev:Ingest:Control:*</c>.</summary>
    public EngineControlOptions Control { get; set; } = new();

    /// <summary>Bounds of views by their names, <c>Mev:Ingest:Views:NAME:*</c>; a view without an entry has the defaults. Default none.</summary>
    public IDictionary<string, ViewOptions> Views { get; } = new Dictionary<string, ViewOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>When the intake counts as slow or down, <c>Mev:Ingest:Health:*</c>.</summary>
    public IngestHealthOptions Health { get; set; } = new();

    /// <summary>
    /// Whether the host goes down when the intake stops because a sink failed, as on a full journal disk. Default false: the failure is
    /// logged as critical and shown by <see cref="IngestMonitor"/>, what is stored stays readable, and sources keep their records.
    /// </summary>
    public bool StopHostOnFailure { get; set; }
}
