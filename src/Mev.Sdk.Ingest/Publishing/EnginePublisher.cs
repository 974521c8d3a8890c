using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Publishing.Endpoints;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>The engine's side of the stream: listens, numbers records, retains them for replay, and serves every subscriber from where it wants.</summary>
/// <remarks>Thread-safe; concurrent publishers are served one after the other. Each instance draws a new session id.</remarks>
/// <example>
/// <code>
/// await using var engine = EnginePublisher.Start(new EnginePublisherOptions { EngineName = "my-engine" });
/// await engine.PublishAsync(frames, cancellationToken);
/// var isKept = await engine.CompleteAsync(GoodbyeCode.EndOfStream, "that was all", TimeSpan.FromMinutes(1), cancellationToken);
/// </code>
/// </example>
public sealed class EnginePublisher : IAsyncDisposable
{
    private readonly PublisherState _state;
    private readonly IReadOnlyList<IPublisherEndpoint> _endpoints;
    private readonly SubscriberDesk _desk;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _publishing = new(1);
    private readonly TimeProvider _time;
    private readonly ITimer _heartbeats;
    private readonly WhenFull _whenFull;
    private readonly long _reserveBytes;
    private readonly Task _serving;

    private EnginePublisher(EnginePublisherOptions options, IReadOnlyList<IPublisherEndpoint> endpoints, TimeProvider time, ILogger logger)
    {
        _endpoints = endpoints;
        _time = time;
        _state = new PublisherState(options.RetentionBytes, new EngineDesk(options, time, logger));
        _whenFull = options.WhenFull;
        _reserveBytes = options.RetentionBytes / 4;
        SessionId = DrawSessionId();
        Endpoints = [.. endpoints.Select(endpoint => endpoint.Uri)];
        _desk = new SubscriberDesk(_state, options, SessionId, time, logger, _stopping.Token);
        foreach (var endpoint in endpoints)
        {
            Log.PublisherListening(logger, options.EngineName, endpoint.Uri, SessionId);
            if (PublisherEndpoints.IsOpenToAll(endpoint, options))
            {
                var what = options.OnParameterUpdate is null ? "whoever connects gets its records" : "whoever connects gets its records and may change its parameters";
                Log.PublisherOpenToAll(logger, options.EngineName, endpoint.Uri, what);
            }
        }

        _heartbeats = time.CreateTimer(static state => ((EnginePublisher)state!).OnHeartbeat(), this, options.HeartbeatInterval, options.HeartbeatInterval);
        _serving = Task.WhenAll(endpoints.Select(endpoint => endpoint.RunAsync(_desk, _stopping.Token)));
    }

    /// <summary>Where hosts meet this engine, with the ports that were taken; in the order of the options.</summary>
    public IReadOnlyList<string> Endpoints { get; }

    /// <summary>Where the publisher listens over TCP, with the port it got: the first such endpoint.</summary>
    /// <exception cref="InvalidOperationException">It listens on none; see <see cref="Endpoints"/>.</exception>
    public IPEndPoint LocalEndPoint => _endpoints.FirstOrDefault(endpoint => endpoint.LocalEndPoint is not null)?.LocalEndPoint
        ?? throw new InvalidOperationException("The engine listens on no TCP port; look at Endpoints.");

    /// <summary>The session drawn at random for this instance; never 0.</summary>
    public ulong SessionId { get; }

    /// <summary>Sequence that the next published record gets.</summary>
    public ulong NextSequence
    {
        get
        {
            lock (_state.Gate)
            {
                return _state.Ring.NextSequence;
            }
        }
    }

    /// <summary>Sequence of the oldest record that can be replayed; equal to <see cref="NextSequence"/> when there is none.</summary>
    public ulong FirstRetainedSequence
    {
        get
        {
            lock (_state.Gate)
            {
                return _state.Ring.FirstSequence;
            }
        }
    }

    /// <summary>Subscribers that are being served now.</summary>
    public int SubscriberCount
    {
        get
        {
            lock (_state.Gate)
            {
                return _state.Subscribers.Count(subscriber => subscriber.IsSubscribed);
            }
        }
    }

    /// <summary>
    /// Every connected subscriber that acknowledges made the records up to this sequence durable; while none is connected, the highest sequence that one
    /// ever did. 0 before the first acknowledgement, and while a host with a journal has none of this session in it.
    /// </summary>
    public ulong AcknowledgedSequence
    {
        get
        {
            lock (_state.Gate)
            {
                return _state.Subscribers.Where(subscriber => subscriber is { IsSubscribed: true, Acknowledges: true }).Select(subscriber => subscriber.Acknowledged)
                    .DefaultIfEmpty(_state.Durable).Min();
            }
        }
    }

    /// <summary>Records that were evicted before any host is known to have them, as was found when the next one came for them or one was too slow.</summary>
    public ulong LostRecords
    {
        get
        {
            lock (_state.Gate)
            {
                return _state.Lost;
            }
        }
    }

    /// <summary>Starts to listen, or to dial.</summary>
    /// <param name="options">Where, and within which limits; copied.</param>
    /// <param name="timeProvider">Clock and timers; the system's by default.</param>
    /// <param name="logger">Where subscribers' comings and goings are reported.</param>
    /// <returns>A publisher; dispose it to close every connection.</returns>
    /// <exception cref="ArgumentException">An option is missing or out of range.</exception>
    /// <exception cref="IOException">The endpoint cannot be listened on: the port or socket is taken, or the address is not this machine's.</exception>
    public static EnginePublisher Start(EnginePublisherOptions options, TimeProvider? timeProvider = null, ILogger<EnginePublisher>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        var time = timeProvider ?? TimeProvider.System;
        var log = logger ?? NullLogger<EnginePublisher>.Instance;
        return new EnginePublisher(options, PublisherEndpoints.Open(options, time, log), time, log);
    }

    /// <summary>Publishes records: numbers them, stamps the time where a frame has none, retains them and has them sent.</summary>
    /// <param name="frames">One or more whole finished frames; copied, so the memory is free when the call completes.</param>
    /// <param name="cancellationToken">Gives up waiting for room; frames published until then stay published.</param>
    /// <returns>Completes when all are retained: at once, unless the retention is full of what a subscriber still needs.</returns>
    /// <exception cref="ArgumentException">The bytes are not whole frames of records, or a frame is longer than an eighth of the retention.</exception>
    /// <exception cref="InvalidOperationException">The stream was completed.</exception>
    /// <exception cref="ObjectDisposedException">The publisher was disposed.</exception>
    public async ValueTask PublishAsync(ReadOnlyMemory<byte> frames, CancellationToken cancellationToken = default)
    {
        PublishedFrames.Check(frames.Span, _state.Ring.MaxFrameBytes);
        await _publishing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!frames.IsEmpty)
            {
                var (segment, sequence, room) = Reserve(PublishedFrames.LengthOf(frames.Span));
                if (segment is null)
                {
                    await room!.WaitAsync(cancellationToken).ConfigureAwait(false);
                    continue;
                }

                var (bytes, count) = Fill(segment, frames.Span, sequence);
                frames = frames[bytes..];
                lock (_state.Gate)
                {
                    _state.Ring.Publish(bytes, count);
                    _state.Changed.Pulse();
                }
            }
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>Waits until somebody is subscribed.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes at once when somebody is.</returns>
    /// <exception cref="ObjectDisposedException">The publisher was disposed.</exception>
    public async Task WaitForSubscriberAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task moved;
            lock (_state.Gate)
            {
                ObjectDisposedException.ThrowIf(_state.IsDisposed, this);
                if (_state.Subscribers.Any(subscriber => subscriber.IsSubscribed))
                {
                    return;
                }

                moved = _state.Moved.Next;
            }

            await moved.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the stream in order: every subscriber gets what is left, then a goodbye; waits until that is kept.</summary>
    /// <remarks>
    /// A host that once acknowledged (one with a journal says so when it subscribes, before anything is durable) and is away is waited for: it can still fetch
    /// its tail and acknowledge it. Where no host ever acknowledges (none has a journal), one that took everything to the goodbye is enough; where none ever
    /// comes, the whole time passes. The publisher goes on listening until it is disposed, and this may be called again to wait longer; the first goodbye stays.
    /// <para>
    /// "Acknowledged" means by any subscriber that acknowledges. Without keys that is whoever connects, also one that keeps nothing; with keys configured it has
    /// proven one of them. An engine that must know that its own host has the records therefore needs keys that only its host has.
    /// </para>
    /// </remarks>
    /// <param name="code">Why.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="timeout">Longest wait; 0 does not wait, <see cref="Timeout.InfiniteTimeSpan"/> waits until <paramref name="cancellationToken"/> ends it.</param>
    /// <param name="cancellationToken">Gives up waiting with an exception; the stream stays completed.</param>
    /// <returns>
    /// True when all who were connected have left and nothing is lost: a host acknowledged the last record, or no host ever acknowledged and one took
    /// everything. False when records may be in no journal: nobody has the end within the time, <see cref="LostRecords"/> is not 0, or the publisher was
    /// disposed meanwhile. False, and the stream is not completed, when a concurrent <see cref="PublishAsync"/> waited for room all the time.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative or over 24 days.</exception>
    /// <exception cref="ObjectDisposedException">The publisher was disposed.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task<bool> CompleteAsync(GoodbyeCode code, string reason, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromMilliseconds(int.MaxValue));
        }

        using var limit = new CancellationTokenSource(timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var connected = await SayEndAsync(code, reason, both.Token).ConfigureAwait(false);
            return await EndIsKeptAsync(connected, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Closes every endpoint and connection at once; <see cref="CompleteAsync"/> first for an orderly end.</summary>
    /// <returns>Completes when nothing of the publisher runs any more.</returns>
    public async ValueTask DisposeAsync()
    {
        lock (_state.Gate)
        {
            if (_state.IsDisposed)
            {
                return;
            }

            _state.IsDisposed = true;
            _state.Moved.Pulse();
        }

        await _heartbeats.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var endpoint in _endpoints)
        {
            endpoint.Dispose();
        }

        await _serving.ConfigureAwait(false);
        await _desk.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    // Behind whoever publishes now; returns those who are to leave.
    private async Task<HashSet<Subscriber>> SayEndAsync(GoodbyeCode code, string reason, CancellationToken cancellationToken)
    {
        if (!await _publishing.WaitAsync(0, CancellationToken.None).ConfigureAwait(false))
        {
            await _publishing.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            lock (_state.Gate)
            {
                ObjectDisposedException.ThrowIf(_state.IsDisposed, this);
                _state.Goodbye ??= (code, reason);
                _state.Changed.Pulse();
                return [.. _state.Subscribers];
            }
        }
        finally
        {
            _publishing.Release();
        }
    }

    private async Task<bool> EndIsKeptAsync(HashSet<Subscriber> connected, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task moved;
            lock (_state.Gate)
            {
                if (_state.HasEnd && !_state.Subscribers.Overlaps(connected))
                {
                    return _state.Lost == 0;
                }

                if (_state.IsDisposed)
                {
                    return false;
                }

                moved = _state.Moved.Next;
            }

            await moved.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static ulong DrawSessionId()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return Math.Max(1, MemoryMarshal.Read<ulong>(bytes));
    }

    private (RetentionSegment? Segment, ulong Sequence, Task? Room) Reserve(int frameBytes)
    {
        lock (_state.Gate)
        {
            ObjectDisposedException.ThrowIf(_state.IsDisposed, this);
            if (_state.Goodbye is { } goodbye)
            {
                throw new InvalidOperationException($"The stream was completed ({goodbye.Code}: {goodbye.Reason}); start a new publisher for another session.");
            }

            var segment = _state.Ring.Reserve(frameBytes, MayEvict);
            return (segment, _state.Ring.NextSequence, segment is null ? _state.Moved.Next : null);
        }
    }

    private bool MayEvict(RetentionSegment segment)
    {
        if (_whenFull == WhenFull.Wait)
        {
            var isHeld = false;
            foreach (var subscriber in _state.Subscribers)
            {
                if (subscriber.Holds(segment, _reserveBytes))
                {
                    subscriber.NoteHeld();
                    isHeld = true;
                }
            }

            return !isHeld;
        }

        return true;
    }

    // Outside the gate: nobody reads behind what is published, and only one publisher writes at a time.
    private (int Bytes, ulong Count) Fill(RetentionSegment segment, ReadOnlySpan<byte> frames, ulong sequence)
    {
        var now = (ulong)(_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        return PublishedFrames.Stamp(frames, segment.Buffer.AsSpan(segment.Published), sequence, now);
    }

    private void OnHeartbeat()
    {
        lock (_state.Gate)
        {
            foreach (var subscriber in _state.Subscribers)
            {
                subscriber.HeartbeatDue = true;
            }

            _state.Changed.Pulse();
        }
    }
}
