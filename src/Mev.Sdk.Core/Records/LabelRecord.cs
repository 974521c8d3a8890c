using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>What a rule found transactions to be. Groups: legs. Variable data: evidence (a JSON object in UTF-8).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct LabelRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 48;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Label;

    /// <summary>LSN of the labelled record.</summary>
    public ulong TargetLsn;

    /// <summary>When it was labelled, nanoseconds since the Unix epoch by the host's clock.</summary>
    public ulong LabeledNanoseconds;

    /// <summary>Slot of the labelled record.</summary>
    public ulong Slot;

    /// <summary>What it earned before cost, lamports; negative is a loss, 0 = unknown.</summary>
    public long ProfitLamports;

    /// <summary>The rule's confidence, 0 to 1.</summary>
    public double Confidence;

    /// <summary>What it is.</summary>
    public OpportunityKind Kind;

    /// <summary>The rule; the labels note lists them.</summary>
    public ushort RuleId;

    /// <summary>Version of the rule.</summary>
    public ushort RuleVersion;

    /// <summary>Properties; see <see cref="LabelFlags"/>.</summary>
    public LabelFlags Flags;
}
