using Mev.Sdk.DashboardHost.Engine;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>All panels but the feed, computed once for every browser.</summary>
/// <param name="Version">Counts up with every update.</param>
/// <param name="At">When it was made, milliseconds since the Unix epoch.</param>
/// <param name="Status">What the page says about its source as a whole.</param>
/// <param name="Tiles">The figures on top.</param>
/// <param name="Stages">The pipeline strip, from engine to model.</param>
/// <param name="Model">The model panel.</param>
/// <param name="Opps">The latest opportunities, newest first.</param>
internal sealed record LivePanels(
    long Version,
    long At,
    StatusPanel Status,
    TilesPanel Tiles,
    IReadOnlyList<StagePanel> Stages,
    ModelPanel Model,
    IReadOnlyList<OpportunityRow> Opps);

/// <summary>The state of the feed as a whole.</summary>
/// <param name="Mode">simulated, replay or engine.</param>
/// <param name="ModeText">The banner: what data this is.</param>
/// <param name="State">connecting, live, stale, disconnected or ended.</param>
/// <param name="Text">The state in words.</param>
/// <param name="Since">When the state began, milliseconds since the Unix epoch.</param>
/// <param name="Viewers">Browsers that watch.</param>
internal sealed record StatusPanel(string Mode, string ModeText, string State, string Text, long Since, int Viewers);

/// <summary>The figures on top; null = not known yet.</summary>
/// <param name="TransactionsPerSecond">Over the last five seconds.</param>
/// <param name="Transactions">Distinct signatures stored.</param>
/// <param name="Opportunities">Opportunities stored.</param>
/// <param name="Observed">Those among them that were seen on chain; the others an engine reported.</param>
/// <param name="DetectionRate">Opportunities that the engine reported, or, where it reports none, that were seen on chain, for each transaction.</param>
/// <param name="Slot">Highest slot seen.</param>
/// <param name="LagMs">Engine's clock to host's, milliseconds.</param>
/// <param name="StorageRatio">Bytes received for each byte kept in the journal.</param>
/// <param name="JournalBytes">Bytes of the journal on disk.</param>
/// <param name="JournalRawBytes">Bytes of the frames it holds.</param>
/// <param name="Scored">Transactions scored since start-up.</param>
/// <param name="Hits">Those at or above the threshold.</param>
/// <param name="Gaps">Ranges that were not seen.</param>
internal sealed record TilesPanel(
    double TransactionsPerSecond,
    long? Transactions,
    long? Opportunities,
    long Observed,
    double? DetectionRate,
    ulong? Slot,
    double? LagMs,
    double? StorageRatio,
    long JournalBytes,
    long JournalRawBytes,
    long Scored,
    long Hits,
    long Gaps);

/// <summary>One stage of the pipeline strip.</summary>
/// <param name="Name">Engine, Ingest, Journal, DuckDB or Model.</param>
/// <param name="State">ok, busy, waiting, warn or down: colour and sign.</param>
/// <param name="Text">The state in a word or two.</param>
/// <param name="Figure">Its most telling figure.</param>
/// <param name="Detail">A sentence for the tooltip.</param>
internal sealed record StagePanel(string Name, string State, string Text, string Figure, string Detail);

/// <summary>The model panel's live part; the rest is fetched when <paramref name="Version"/> changes.</summary>
/// <param name="Version">Changes with everything the fetched part shows.</param>
/// <param name="State">See <see cref="ModelPhase"/>.</param>
/// <param name="Threshold">Probability that counts as a hit; null without a model.</param>
/// <param name="Bins">Distribution of the latest scores, twenty bins from 0 to 1.</param>
internal sealed record ModelPanel(int Version, string State, double? Threshold, int[] Bins);
