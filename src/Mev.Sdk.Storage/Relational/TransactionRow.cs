using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.Relational;

/// <summary>One transaction as the tables hold it: one row a signature.</summary>
public sealed record TransactionRow
{
    /// <summary>LSN of the first sighting: the row's identity.</summary>
    public required Lsn Lsn { get; init; }

    /// <summary>LSN of the journal record that holds the wire bytes and meta; a later sighting's when the first had no meta.</summary>
    public required Lsn RawLsn { get; init; }

    /// <summary>The transaction.</summary>
    public required Signature Signature { get; init; }

    /// <summary>Slot of its block, or, while pending, the slot it was seen in.</summary>
    public required ulong Slot { get; init; }

    /// <summary>The block's production time, whole seconds; null = unknown.</summary>
    public DateTimeOffset? BlockTime { get; init; }

    /// <summary>How far it has come.</summary>
    public required SightingStage Stage { get; init; }

    /// <summary>When the row was stored, by the host's clock.</summary>
    public required DateTimeOffset ProcessedAt { get; init; }

    /// <summary>Position within its block, from 0.</summary>
    public uint IndexInBlock { get; init; }

    /// <summary>The account that paid.</summary>
    public required Pubkey Payer { get; init; }

    /// <summary>Properties.</summary>
    public required TransactionFlags Flags { get; init; }

    /// <summary>Fee paid, lamports.</summary>
    public ulong FeeLamports { get; init; }

    /// <summary>Tip paid, lamports.</summary>
    public ulong TipLamports { get; init; }

    /// <summary>Compute-unit price asked for, micro-lamports a compute unit; 0 = not set.</summary>
    public ulong ComputeUnitPriceMicroLamports { get; init; }

    /// <summary>Compute-unit limit asked for; 0 = not set.</summary>
    public uint ComputeUnitLimit { get; init; }

    /// <summary>Compute units consumed; 0 = unknown.</summary>
    public uint ComputeUnitsConsumed { get; init; }

    /// <summary>Why it failed.</summary>
    public TransactionErrorCode ErrorCode { get; init; }

    /// <summary>The program's own error code, when the error is a program's.</summary>
    public uint ErrorCustomCode { get; init; }

    /// <summary>How many swaps it executed.</summary>
    public int SwapCount { get; init; }

    /// <summary>The first of them; null when there was none.</summary>
    public SwapSummary? FirstSwap { get; init; }

    /// <summary>Probability that a model gave it, 0 to 1; null until it was scored. Scores that are not finite numbers are not stored.</summary>
    /// <remarks>
    /// The latest prediction about any sighting of the transaction wins. One about a repeated sighting is led to this row while the repeat is
    /// among the last 2,097,152 LSNs stored, also after a restart; an older one is dropped.
    /// </remarks>
    public float? Score { get; init; }

    /// <summary>The model that scored it; null until it was scored.</summary>
    public string? ModelVersion { get; init; }
}
