using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>What a model said of a batch of records. Groups: scores. Variable data: model version (UTF-8).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct PredictionRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 24;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Prediction;

    /// <summary>Hash of the feature schema the model was trained on.</summary>
    public ulong FeatureSchemaHash;

    /// <summary>When the scores were computed, nanoseconds since the Unix epoch by the host's clock.</summary>
    public ulong TimeNanoseconds;

    /// <summary>Probability from which a transaction counts as an opportunity, 0 to 1.</summary>
    public double Threshold;
}
