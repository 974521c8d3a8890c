using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>What a model says of opportunities, host to engine. Groups: scores. Variable data: model version (UTF-8).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct OpportunityScoresMessage : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 24;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.OpportunityScores;

    /// <summary>Hash of the feature schema the model was trained on.</summary>
    public ulong FeatureSchemaHash;

    /// <summary>When the scores were computed, nanoseconds since the Unix epoch by the host's clock.</summary>
    public ulong ScoredNanoseconds;

    /// <summary>Probability from which the deployed policy acts, 0 to 1.</summary>
    public double Threshold;
}
