namespace Mev.Sdk.DashboardHost.Api;

/// <summary>Answer of <c>GET /api/v1/stats</c>.</summary>
internal sealed record StatsResponse
{
    /// <summary>simulated, replay or engine.</summary>
    public required string Mode { get; init; }

    /// <summary>connecting, live, stale, disconnected or ended.</summary>
    public required string State { get; init; }

    /// <summary>Distinct signatures stored.</summary>
    public required long Transactions { get; init; }

    /// <summary>Opportunities stored, of both kinds below.</summary>
    public required long Opportunities { get; init; }

    /// <summary>Those that an engine reported before they happened.</summary>
    public required long OpportunitiesReported { get; init; }

    /// <summary>Those that the host's inspectors saw in transactions that had happened; the same event may be among the reported ones.</summary>
    public required long OpportunitiesObserved { get; init; }

    /// <summary>Reported opportunities, or observed ones where none is reported, for each transaction; null before the first transaction.</summary>
    public required double? DetectionRate { get; init; }

    /// <summary>Transactions scored since the host started.</summary>
    public required long Scored { get; init; }

    /// <summary>Those at or above the model's threshold.</summary>
    public required long ModelHits { get; init; }

    /// <summary>waiting, training, ready, disabled or failed.</summary>
    public required string ModelState { get; init; }

    /// <summary>The deployed model; null without one.</summary>
    public required string? ModelVersion { get; init; }

    /// <summary>Highest slot seen; 0 = none.</summary>
    public required ulong Slot { get; init; }

    /// <summary>Over the last five whole seconds.</summary>
    public required double TransactionsPerSecond { get; init; }

    /// <summary>Distinct transactions seen since the host started.</summary>
    public required long TransactionsSeen { get; init; }

    /// <summary>Records the engine delivered since the host started.</summary>
    public required long Frames { get; init; }

    /// <summary>Records dropped because they were there already.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Ranges of records that were not seen.</summary>
    public required long Gaps { get; init; }

    /// <summary>Engine's clock to host's of the latest batch, milliseconds; null when unknown or nothing flows.</summary>
    public required double? IngestLagMs { get; init; }

    /// <summary>Bytes of the journal on disk.</summary>
    public required long JournalBytes { get; init; }

    /// <summary>Bytes of the frames it holds.</summary>
    public required long JournalRawBytes { get; init; }

    /// <summary>Frame bytes for each byte on disk; null while the journal is empty.</summary>
    public required double? StorageRatio { get; init; }

    /// <summary>Last durable LSN, log:counter.</summary>
    public required string DurableLsn { get; init; }

    /// <summary>Durable records whose rows are still to be written.</summary>
    public required long ProjectorLag { get; init; }

    /// <summary>Browsers that watch.</summary>
    public required int Viewers { get; init; }
}
