using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Solana.Nodes;

/// <summary>A node of the cluster as it is put together from several answers.</summary>
internal sealed class NodeInfo
{
    /// <summary>The record.</summary>
    public NodeRecord Record;

    /// <summary>Software version, or empty.</summary>
    public string Version { get; set; } = "";

    /// <summary>Its addresses by role, those that it tells.</summary>
    public SortedDictionary<string, string> Addresses { get; } = new(StringComparer.Ordinal);
}
