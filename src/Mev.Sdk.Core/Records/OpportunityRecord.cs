using System.Runtime.InteropServices;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Records;

/// <summary>A chance to earn that an engine or an inspector saw. Variable data: metadata (a JSON object in UTF-8, or empty).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
public struct OpportunityRecord : IMessageLayout
{
    /// <summary>Bytes of the block.</summary>
    public const int Size = 216;

    /// <inheritdoc/>
    public static ushort TemplateId => TemplateIds.Opportunity;

    /// <summary>Signature of the transaction that opened it, or that is it, as with an arbitrage seen on chain; zero = none.</summary>
    public Signature TriggerSignature;

    /// <summary>The first pool involved; zero = unknown.</summary>
    public Pubkey Pool;

    /// <summary>The mint that the profit is counted in before it is valued in SOL; zero = unknown.</summary>
    public Pubkey QuoteMint;

    /// <summary>The engine's id of it, unique within a session; outcomes name it.</summary>
    public ulong OpportunityId;

    /// <summary>Slot it was seen in.</summary>
    public ulong Slot;

    /// <summary>When it was seen, nanoseconds since the Unix epoch by the engine's clock; 0 = unknown.</summary>
    public ulong DetectedNanoseconds;

    /// <summary>Expected profit before cost, lamports; may be negative.</summary>
    public long ExpectedProfitLamports;

    /// <summary>Expected cost, fee and tip together, lamports.</summary>
    public ulong ExpectedCostLamports;

    /// <summary>Capital it takes, lamports; 0 = unknown.</summary>
    public ulong CapitalLamports;

    /// <summary>The engine's own belief that it is real, 0 to 1; 0 = not stated.</summary>
    public double Confidence;

    /// <summary>What kind it is.</summary>
    public OpportunityKind Kind;

    /// <summary>Id of the strategy that saw it; 0 = an inspector of the host.</summary>
    public ushort StrategyId;

    /// <summary>Properties; see <see cref="OpportunityFlags"/>.</summary>
    public OpportunityFlags Flags;

    /// <summary>When it was executed, nanoseconds since the Unix epoch; 0 = not, or not yet.</summary>
    public ulong ExecutedNanoseconds;

    /// <summary>What it cost when it was executed, lamports; 0 = unknown.</summary>
    public ulong ActualCostLamports;

    /// <summary>Reserved; 0.</summary>
    public ulong Reserved;
}
