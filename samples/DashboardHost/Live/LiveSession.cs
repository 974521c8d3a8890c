namespace Mev.Sdk.DashboardHost.Live;

/// <summary>Where one browser stands: what it has seen of the feed and the chart, and what it missed.</summary>
/// <remarks>Used by one loop; only <see cref="IsStuck"/> and <see cref="Abort"/> are for others.</remarks>
internal sealed class LiveSession(LiveView view, FeedFilter filter, LiveOptions options, TimeProvider time, Action abort)
{
    /// <summary>Rows of a first message, and rows a page holds at most.</summary>
    public const int SnapshotRows = 200;

    private static readonly TimeSpan ScoreWait = TimeSpan.FromMilliseconds(750);

    private long _feed;
    private long _second;
    private long _sending;

    /// <summary>Version of the panels sent last.</summary>
    public long Version { get; private set; }

    /// <summary>Whether one message has been on its way for longer than the send timeout.</summary>
    public bool IsStuck
    {
        get
        {
            var since = Volatile.Read(ref _sending);
            return since != 0 && time.GetElapsedTime(since).TotalMilliseconds > options.SendTimeoutMilliseconds;
        }
    }

    public void Abort() => abort();

    /// <summary>The next message; from now until <see cref="Taken"/> it counts as being sent.</summary>
    public LiveUpdate Make(LivePanels panels)
    {
        var snapshot = Version == 0;
        var missed = snapshot ? 0 : panels.Version - Version - 1;
        var threshold = panels.Model.Threshold ?? double.NaN;
        var entries = view.FeedAfter(_feed, snapshot ? TimeSpan.Zero : ScoreWait, out var skipped);
        var limit = snapshot ? SnapshotRows : options.RowsPerUpdate;
        var rows = new List<FeedRow>(Math.Min(limit, entries.Length));
        long matched = 0;
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (filter.Matches(in entries[i], threshold) && ++matched <= limit)
            {
                rows.Add(FeedRow.From(in entries[i]));
            }
        }

        // What left the ring unseen may have matched: it is counted, never hidden.
        matched += snapshot ? 0 : skipped;
        _feed = entries.Length > 0 ? entries[^1].Number : _feed + skipped;
        var points = view.PointsAfter(_second);
        _second = points.Length > 0 ? points[^1].T : _second;
        Version = panels.Version;
        Volatile.Write(ref _sending, time.GetTimestamp());
        return new LiveUpdate(snapshot, panels, points, [.. rows], matched, _feed, missed);
    }

    /// <summary>The connection accepted the message.</summary>
    public void Taken() => Volatile.Write(ref _sending, 0);
}
