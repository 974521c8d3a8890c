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

    /// <summary>Expected profit before fee and tip, lamports; once executed the profit that came of it, also before fee and tip, negative for a loss.</summary>
    public required long ProfitLamports { get; init; }

    /// <summary>Expected cost, lamports; once executed what it cost.</summary>
    public required ulong CostLamports { get; init; }

    /// <summary>Fee and tip that were really paid, lamports; null while nothing is known to have been paid.</summary>
    public ulong? ActualCostLamports { get; init; }

    /// <summary>
    /// What an executed opportunity left after fee and tip, lamports: <see cref="ProfitLamports"/> minus <see cref="ActualCostLamports"/>, held within the range of the type. Null while either is only expected, and for an observed one whose profit is in a mint that is not valued in lamports (profit 0).
    /// </summary>
    public long? NetProfitLamports => ActualCostLamports is { } cost && Flags.HasFlag(OpportunityFlags.Executed) && (ProfitLamports != 0 || !Flags.HasFlag(OpportunityFlags.Observed))
        ? long.CreateSaturating((Int128)ProfitLamports - cost)
        : null;

    /// <summary>The engine's belief that it is real, above 0 and finite, 1 = certain; null = not stated, or not a finite number.</summary>
    public double? Confidence { get; init; }

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
