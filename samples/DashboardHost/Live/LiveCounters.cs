namespace Mev.Sdk.DashboardHost.Live;

/// <summary>The live view's counters at one moment, since this host started.</summary>
/// <param name="At">When they were read.</param>
/// <param name="Transactions">Distinct transactions seen.</param>
/// <param name="Opportunities">Opportunities seen.</param>
/// <param name="Scored">Transactions scored by a model.</param>
/// <param name="Hits">Those at or above the model's threshold.</param>
/// <param name="Slot">Highest slot seen; 0 = none.</param>
/// <param name="TransactionsPerSecond">Over the last five whole seconds.</param>
/// <param name="LagMilliseconds">From the engine's clock to this host's, of the latest batch; NaN = unknown.</param>
/// <param name="Threshold">The model's threshold; NaN = no prediction yet.</param>
/// <param name="LastRecordAt">When a source last delivered; null = never.</param>
/// <param name="FeedNewest">Number of the newest feed row.</param>
internal sealed record LiveCounters(
    DateTimeOffset At,
    long Transactions,
    long Opportunities,
    long Scored,
    long Hits,
    ulong Slot,
    double TransactionsPerSecond,
    double LagMilliseconds,
    double Threshold,
    DateTimeOffset? LastRecordAt,
    long FeedNewest);
