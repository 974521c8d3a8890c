using Mev.Sdk.Ingest.Solana.Internal;
using Mev.Sdk.Ingest.Solana.Rpc;

namespace Mev.Sdk.Ingest.Solana.Nodes;

/// <summary>Options of the poller of the cluster's nodes. Configuration shape: <c>Mev:Ingest:Solana:Nodes:*</c>.</summary>
public sealed class NodePollerOptions
{
    /// <summary>Where the options stand in configuration.</summary>
    public const string Section = "Mev:Ingest:Solana:Nodes";

    /// <summary>Identifies the stream in the journal: keep it. Default <c>nodes</c>.</summary>
    public string Name { get; set; } = "nodes";

    /// <summary>The endpoint that is asked about the cluster, and whose own health is recorded, <c>Mev:Ingest:Solana:Nodes:Connection:*</c>.</summary>
    public RpcEndpointOptions Connection { get; set; } = new();

    /// <summary>Further endpoints whose health and latency are recorded. Default none.</summary>
    public IList<RpcEndpointOptions> Endpoints { get; } = [];

    /// <summary>Time between two looks at the endpoints (health, latency, slot). Default 5 s; over 0.</summary>
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between two looks at the cluster (votes, addresses, block production). Default 1 min; over 0.</summary>
    public TimeSpan ClusterInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Nodes told in one look at the cluster at most, those with the most stake first. Default 5,000; 1-100,000.</summary>
    public int MaxNodes { get; set; } = 5_000;

    /// <summary>Slots behind the furthest endpoint from which on one counts as behind. Default 20; 1-100,000.</summary>
    public int BehindSlots { get; set; } = 20;

    internal void Validate(string key, List<string> errors)
    {
        OptionChecks.Name(Name, $"{key}:Name", errors);
        Connection.Validate($"{key}:Connection", errors);
        for (var i = 0; i < Endpoints.Count; i++)
        {
            Endpoints[i].Validate($"{key}:Endpoints:{i}", errors);
        }

        OptionChecks.Positive(HealthInterval, $"{key}:HealthInterval", errors);
        OptionChecks.Positive(ClusterInterval, $"{key}:ClusterInterval", errors);
        OptionChecks.Range(MaxNodes, 1, 100_000, $"{key}:MaxNodes", errors);
        OptionChecks.Range(BehindSlots, 1, 100_000, $"{key}:BehindSlots", errors);
    }
}
