using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.Relational;

/// <summary>One opportunity as the tables hold it, with its outcome once that came.</summary>
public sealed record OpportunityRow
{
    /// <summary>LSN of its record: the row's identity.</summary>
    public required Lsn Lsn { get; init; }

    /// <summary>The engine's id of it, unique within a session.</summary>
    public required ulong OpportunityId { get; init; }

    /// <summary>What kind it is.</summary>
    public required OpportunityKind Kind { get; init; }

    /// <summary>The strategy that saw it; 0 = an inspector of the host.</summary>
    public required ushort StrategyId { get; init; }

    /// <summary>LSN of the transaction that opened it; null while none is stored.</summary>
    public Lsn? TransactionLsn { get; init; }

    /// <summary>The transaction that opened it; null = none.</summary>
    public Signature? Signature { get; init; }

    /// <summary>Slot it was seen in.</summary>
    public required ulong Slot { get; init; }

    /// <summary>Expected profit before cost, lamports; once executed the profit that came of it, negative for a loss.</summary>
    public required long ProfitLamports { get; init; }

    /// <summary>Expected cost, lamports; once executed what it cost.</summary>
    public required ulong CostLamports { get; init; }

    /// <summary>The engine's belief that it is real, 0 to 1; 0 = not stated.</summary>
    public double Confidence { get; init; }

    /// <summary>Properties.</summary>
    public OpportunityFlags Flags { get; init; }

    /// <summary>When it was seen, whole microseconds; null = unknown.</summary>
    public DateTimeOffset? DetectedAt { get; init; }

    /// <summary>When it was executed, whole microseconds; null = not, or not yet.</summary>
    public DateTimeOffset? ExecutedAt { get; init; }

    /// <summary>Whether it paid; null until its outcome came.</summary>
    public bool? Success { get; init; }

    /// <summary>How it ended; <see cref="OutcomeStatus.Unknown"/> until its outcome came.</summary>
    public OutcomeStatus Outcome { get; init; }

    /// <summary>A JSON object, or empty.</summary>
    public string Metadata { get; init; } = "";
}
