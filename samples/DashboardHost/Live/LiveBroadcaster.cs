using System.Collections.Concurrent;
using Mev.Sdk.DashboardHost.Engine;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.DashboardHost.Live;

/// <summary>Makes the panels four times a second, once for all, and lets every browser take the latest at its own pace.</summary>
/// <remarks>
/// There is one slot, always overwritten, and no queue: a browser that is slow finds a later version in it, counts what it missed, and
/// costs what its own connection buffers. One that takes nothing for longer than the send timeout is disconnected.
/// </remarks>
internal sealed class LiveBroadcaster(
    LiveView view, PipelineProbe probe, IOptions<LiveOptions> options, TimeProvider time, ILogger<LiveBroadcaster> logger) : BackgroundService
{
    private readonly LiveOptions _options = options.Value;
    private readonly ConcurrentDictionary<LiveSession, byte> _sessions = new();
    private volatile Slot _slot = new(null);

    /// <summary>Browsers that watch.</summary>
    public int Viewers => _sessions.Count;

    /// <summary>The latest panels.</summary>
    public LivePanels Latest => _slot.Panels ?? MakePanels(0);

    public LiveSession Open(FeedFilter filter, Action abort)
    {
        var session = new LiveSession(view, filter, _options, time, abort);
        _sessions[session] = 0;
        return session;
    }

    public void Close(LiveSession session) => _sessions.TryRemove(session, out _);

    /// <summary>Waits for a version behind <paramref name="version"/>; intermediate ones are skipped.</summary>
    public async ValueTask<LivePanels> NextAsync(long version, CancellationToken cancellationToken)
    {
        while (true)
        {
            var slot = _slot;
            if (slot.Panels is { } panels && panels.Version > version)
            {
                return panels;
            }

            await slot.Replaced.Task.WaitAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(_options.UpdateMilliseconds), time);
        for (long version = 1; await timer.WaitForNextTickAsync(stoppingToken); version++)
        {
            try
            {
                var last = _slot;
                _slot = new Slot(MakePanels(version));
                last.Replaced.TrySetResult();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogWarning(exception, "The live panels could not be made; the next attempt follows");
            }

            foreach (var session in _sessions.Keys)
            {
                if (session.IsStuck)
                {
                    logger.LogInformation("A browser took no update for {Milliseconds} ms and is disconnected", _options.SendTimeoutMilliseconds);
                    Close(session);
                    session.Abort();
                }
            }
        }
    }

    private LivePanels MakePanels(long version)
    {
        var counters = view.Read();
        var facts = probe.Read();
        return PanelComposer.Compose(version, counters, facts, view.Opportunities(), view.ScoreBins(), Viewers, _options);
    }

    private sealed record Slot(LivePanels? Panels)
    {
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
