using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>The browsers' connection. Each watches by a stream of its own, so that a slow one waits alone.</summary>
internal sealed class LiveHub(LiveBroadcaster broadcaster) : Hub
{
    /// <summary>Updates from now on: first a snapshot, then at most four a second.</summary>
    /// <param name="filter">What of the feed is wanted.</param>
    /// <param name="cancellationToken">The browser left, hid its tab or asks for something else.</param>
    public async IAsyncEnumerable<LiveUpdate> Watch(FeedFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var session = broadcaster.Open(filter, Context.Abort);
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var panels = await broadcaster.NextAsync(session.Version, cancellationToken);
                yield return session.Make(panels);
                session.Taken();
            }
        }
        finally
        {
            broadcaster.Close(session);
        }
    }
}
