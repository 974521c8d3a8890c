namespace Mev.Sdk.DashboardHost.Live;

/// <summary>How the live view behaves; configuration section <c>Mev:Live</c>.</summary>
internal sealed class LiveOptions
{
    /// <summary>Time between two updates of a browser, milliseconds; default 250 (four a second).</summary>
    public int UpdateMilliseconds { get; set; } = 250;

    /// <summary>Transactions kept for the feed; default 4,096.</summary>
    public int FeedRows { get; set; } = 4_096;

    /// <summary>Feed rows that one update carries at most, the newest; the others are counted; default 40.</summary>
    public int RowsPerUpdate { get; set; } = 40;

    /// <summary>Time without a record or heartbeat after which the panels say so, milliseconds; default 2,000.</summary>
    public int StaleMilliseconds { get; set; } = 2_000;

    /// <summary>Time that a browser may take to accept one update before its connection is closed, milliseconds; default 10,000.</summary>
    public int SendTimeoutMilliseconds { get; set; } = 10_000;

    /// <summary>Every problem, each naming its key.</summary>
    public IEnumerable<string> Validate()
    {
        if (UpdateMilliseconds is < 250 or > 10_000)
        {
            yield return $"Mev:Live:UpdateMilliseconds is {UpdateMilliseconds}; allowed are 250 to 10000.";
        }

        if (FeedRows is < 200 or > 1_000_000)
        {
            yield return $"Mev:Live:FeedRows is {FeedRows}; allowed are 200 to 1000000.";
        }

        if (RowsPerUpdate is < 1 or > 200)
        {
            yield return $"Mev:Live:RowsPerUpdate is {RowsPerUpdate}; allowed are 1 to 200.";
        }

        if (StaleMilliseconds is < 500 or > 600_000)
        {
            yield return $"Mev:Live:StaleMilliseconds is {StaleMilliseconds}; allowed are 500 to 600000.";
        }

        if (SendTimeoutMilliseconds is < 1_000 or > 600_000)
        {
            yield return $"Mev:Live:SendTimeoutMilliseconds is {SendTimeoutMilliseconds}; allowed are 1000 to 600000.";
        }
    }
}
