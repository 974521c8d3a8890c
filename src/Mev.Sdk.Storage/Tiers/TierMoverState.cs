namespace Mev.Sdk.Storage.Tiers;

/// <summary>What a <see cref="TierMover"/> is doing, for a page and a health check. Immutable.</summary>
public sealed record TierMoverState
{
    /// <summary>What is due, with what holds it up, as of the last look.</summary>
    public IReadOnlyList<TierMove> Due { get; init; } = [];

    /// <summary>The move under way; null = none.</summary>
    public TierMove? Current { get; init; }

    /// <summary>What of it is under way: copy, verify, publish, delete, close, remove; empty = nothing.</summary>
    public string Step { get; init; } = "";

    /// <summary>The table that is worked on; empty = none.</summary>
    public string Table { get; init; } = "";

    /// <summary>Rows of the partition that this step has passed.</summary>
    public long RowsDone { get; init; }

    /// <summary>Rows of the partition when the move began.</summary>
    public long RowsTotal { get; init; }

    /// <summary>The other mover that works; null = none does.</summary>
    public string? Other { get; init; }

    /// <summary>When the last pass ended; null = none did.</summary>
    public DateTimeOffset? LastPass { get; init; }

    /// <summary>Moves that were completed since the start.</summary>
    public long Moves { get; init; }

    /// <summary>Why the last pass failed; null = it did not.</summary>
    public Exception? LastError { get; init; }
}
