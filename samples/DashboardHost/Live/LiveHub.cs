using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>The browsers' connection. Each watches by a stream of its own, so that a slow one waits alone.</summary>
internal sealed class LiveHub(LiveBroadcaster broadcaster) : Hub
{
    private static readonly object Watching = new();

    /// <summary>Updates from now on: first a snapshot, then at most four a second. A connection has one watch; a new one ends the one before.</summary>
    /// <param name="filter">What of the feed is wanted.</param>
    /// <param name="cancellationToken">The browser left, hid its tab or asks for something else.</param>
    public async IAsyncEnumerable<LiveUpdate> Watch(FeedFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        using var own = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await ReplaceAsync(own);
        var session = broadcaster.Open(filter, Context.Abort);
        try
        {
            while (!own.IsCancellationRequested)
            {
                var panels = await broadcaster.NextAsync(session.Version, own.Token);
                yield return session.Make(panels);
                session.Taken();
            }
        }
        finally
        {
            broadcaster.Close(session);
            lock (Context.Items)
            {
                if (Context.Items.TryGetValue(Watching, out var item) && ReferenceEquals(item, own))
                {
                    Context.Items.Remove(Watching);
                }
            }
        }
    }

    // SignalR does not count streams against a connection's parallel calls, so one browser could open thousands.
    private async Task ReplaceAsync(CancellationTokenSource own)
    {
        CancellationTokenSource? before;
        lock (Context.Items)
        {
            before = Context.Items.TryGetValue(Watching, out var item) ? item as CancellationTokenSource : null;
            Context.Items[Watching] = own;
        }

        try
        {
            await (before?.CancelAsync() ?? Task.CompletedTask);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in the meantime.
        }
    }
}
