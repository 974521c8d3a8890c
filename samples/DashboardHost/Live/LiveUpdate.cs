namespace Mev.Sdk.DashboardHost.Live;

/// <summary>One message to one browser.</summary>
/// <param name="Snapshot">True for the first of a subscription: it replaces what the page shows.</param>
/// <param name="Panels">Everything but the feed.</param>
/// <param name="Points">Seconds of the chart that are new to this browser.</param>
/// <param name="Rows">Feed rows that are new and match its filter, newest first.</param>
/// <param name="Matched">How many matched since the last message; more than <paramref name="Rows"/> holds when the feed is faster than a page.</param>
/// <param name="Newest">Number of the newest feed row looked at.</param>
/// <param name="Missed">Updates that this browser was too slow for since the last message.</param>
internal sealed record LiveUpdate(
    bool Snapshot, LivePanels Panels, ChartPoint[] Points, FeedRow[] Rows, long Matched, long Newest, long Missed);
