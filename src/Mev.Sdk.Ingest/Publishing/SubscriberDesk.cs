using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>Takes connections in as subscribers, turns away those that are too many, and drops those that hold the engine up.</summary>
internal sealed class SubscriberDesk : IAsyncDisposable
{
    // A flood of connections is closed without a word once as many are being told why.
    private const int MaxRefusals = 32;

    private readonly PublisherState _state;
    private readonly SubscriberLimits _limits;
    private readonly HelloMessage _hello;
    private readonly string _engineName;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly ITimer _watch;
    private readonly HashSet<Task> _refusals = [];

    public SubscriberDesk(
        PublisherState state, EnginePublisherOptions options, ulong sessionId, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        _state = state;
        _limits = new SubscriberLimits(
            options.HandshakeTimeout, options.SubscriberTimeout, options.AckTimeout, options.MaxSubscribers, [.. options.Keys.Select(key => new SessionKey(key.Span))]);
        _hello = new HelloMessage
        {
            SessionId = sessionId,
            HeartbeatMilliseconds = (uint)options.HeartbeatInterval.TotalMilliseconds,
            Flags = options.Flags | state.Control.Flags | StreamFlags.Replays | (options.Keys.Count > 0 ? StreamFlags.Authenticated : StreamFlags.None),
        };
        _engineName = options.EngineName;
        _time = time;
        _logger = logger;
        _stopping = stopping;

        // Four looks in the time allowed: one that is stuck goes at most a quarter late.
        var period = (options.SubscriberTimeout < options.AckTimeout ? options.SubscriberTimeout : options.AckTimeout) / 4;
        _watch = time.CreateTimer(static state => ((SubscriberDesk)state!).DropStuck(), this, period, period);
    }

    /// <summary>Serves a connection, which is the desk's from here on.</summary>
    /// <param name="connection">Not yet opened.</param>
    /// <param name="isDialed">Whether the engine made the connection, so that the host is the one who accepts.</param>
    /// <returns>Completes when the connection is gone; never fails.</returns>
    public Task Serve(IStreamConnection connection, bool isDialed = false)
    {
        Subscriber? oldest = null;
        try
        {
            return Serve(connection, isDialed, out oldest);
        }
        finally
        {
            oldest?.GiveWay();
        }
    }

    /// <summary>Waits for everyone to leave; the token given at the start was cancelled before.</summary>
    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync().ConfigureAwait(false);
        Task all;
        lock (_state.Gate)
        {
            all = Task.WhenAll([.. _state.Subscribers.Select(subscriber => subscriber.Completion), .. _refusals]);
        }

        await all.ConfigureAwait(false);
    }

    private Task Serve(IStreamConnection connection, bool isDialed, out Subscriber? oldest)
    {
        oldest = null;
        lock (_state.Gate)
        {
            // Who has not subscribed takes no subscriber's place: idle connections must not lock a host out.
            if (!_state.IsDisposed && _state.Subscribers.Count(other => other.IsSubscribed) < _limits.MaxSubscribers)
            {
                oldest = Oldest();
                var hello = _hello;
                hello.FirstRetainedSequence = _state.Ring.FirstSequence;
                hello.NextSequence = _state.Ring.NextSequence;
                var subscriber = new Subscriber(connection, _state, hello, _engineName, _limits, isDialed, _time, _logger);
                _state.Subscribers.Add(subscriber);
                subscriber.Start(_stopping);
                return subscriber.Completion;
            }

            var polite = !_state.IsDisposed && _refusals.Count < MaxRefusals;
            var refusal = Task.Run(() => RefuseAsync(connection, polite), CancellationToken.None);
            _refusals.Add(refusal);
            _ = ForgetAsync(refusal);
            return refusal;
        }
    }

    // Of too many that have not subscribed, the one least likely to be a host: the oldest, but rather one that has not proven its key. Under the gate.
    private Subscriber? Oldest()
    {
        var waiting = _state.Subscribers.Where(other => other is { IsSubscribed: false, IsGivingWay: false, IsDialed: false }).ToList();
        var oldest = waiting.Count < SubscriberLimits.MaxHandshakes ? null : waiting.OrderBy(other => other.IsProved).ThenBy(other => other.Since).First();
        if (oldest is not null)
        {
            oldest.IsGivingWay = true;
        }

        return oldest;
    }

    private async Task RefuseAsync(IStreamConnection connection, bool polite)
    {
        await using (connection.ConfigureAwait(false))
        {
            if (!polite)
            {
                return;
            }

            try
            {
                using var timeout = new CancellationTokenSource(_limits.Handshake, _time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping);
                await connection.OpenAsync(both.Token).ConfigureAwait(false);
                await connection.SendAsync(SessionFrames.Goodbye(GoodbyeCode.Busy, _limits.Full, 0, 0), both.Token).ConfigureAwait(false);
                await connection.ShutdownSendAsync(both.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (ConnectionErrors.IsBrokenOrCancelled(exception))
            {
                // Politeness only.
            }
        }
    }

    private async Task ForgetAsync(Task refusal)
    {
        await refusal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_state.Gate)
        {
            _refusals.Remove(refusal);
        }
    }

    private void DropStuck()
    {
        Subscriber[] subscribers;
        lock (_state.Gate)
        {
            subscribers = [.. _state.Subscribers];
        }

        foreach (var subscriber in subscribers)
        {
            subscriber.DropIfStuck();
        }
    }
}
