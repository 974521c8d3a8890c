using System.Runtime.CompilerServices;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>The engine's side of one connection: hello, proof, then records from where the host wants them, replays, heartbeats, goodbye; takes acks.</summary>
internal sealed partial class Subscriber(
    IStreamConnection connection, PublisherState state, HelloMessage hello, string engineName, SubscriberLimits limits, bool isDialed, TimeProvider time, ILogger logger)
{
    // A host sends small frames only.
    private const int MaxFrameBytes = 64 << 10;

    // Large enough to keep the system calls few, small enough that a slow line moves one within the time allowed.
    private const int ChunkBytes = 128 << 10;

    private readonly string _peer = connection.Peer;
    private RetentionSegment? _segment;
    private int _offset;
    private ulong _next;
    private string _leftBecause = "the connection ended.";
    private string? _droppedBecause;
    private SilenceWatch? _watch;
    private long _sendingSince;

    // Whether the goodbye that ends the stream was sent, behind everything else.
    private bool _saidEnd;

    // Both under the gate: since when the engine waits for an acknowledgement of this subscriber, and whether that was too long.
    private long _heldSince;
    private bool _isTooSlow;

    /// <summary>Whether records are sent to it. Under the gate.</summary>
    public bool IsSubscribed { get; private set; }

    /// <summary>Whether it ever sent an acknowledgement, of 0 too: it is a host with a journal. Under the gate.</summary>
    public bool Acknowledges { get; private set; }

    /// <summary>Last sequence the host called durable; 0 before the first. Under the gate.</summary>
    public ulong Acknowledged { get; private set; }

    /// <summary>Whether it was told to make room for another connection. Under the gate.</summary>
    public bool IsGivingWay { get; set; }

    /// <summary>Whether the engine made the connection: then it is no stranger's.</summary>
    public bool IsDialed => isDialed;

    /// <summary>When it came, as a timestamp of the clock.</summary>
    public long Since { get; } = time.GetTimestamp();

    /// <summary>Whether a heartbeat is due when there is nothing else to send. Under the gate.</summary>
    public bool HeartbeatDue { get; set; }

    /// <summary>The connection's whole life; never fails.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>
    /// Whether the segment holds records that this subscriber would lose. Under the gate. One that acknowledges holds what is not yet
    /// durable; one that never does holds what was not sent, and a reserve of what may still be on its way in the sockets' buffers.
    /// </summary>
    public bool Holds(RetentionSegment segment, long reserveBytes) =>
        IsSubscribed && !_isTooSlow && (Acknowledges
            ? segment.NextSequence > Acknowledged + 1
            : segment.NextSequence > _next || _segment is null || segment.End + reserveBytes > _segment.Start);

    /// <summary>Starts on another thread, since the caller holds the gate.</summary>
    public void Start(CancellationToken cancellationToken) => Completion = Task.Run(() => RunAsync(cancellationToken), CancellationToken.None);

    /// <summary>The engine waits for this subscriber. Under the gate.</summary>
    public void NoteHeld()
    {
        if (_heldSince == 0 && Acknowledges)
        {
            _heldSince = time.GetTimestamp();
        }
    }

    /// <summary>Ends a connection that has not subscribed, since there are too many of them. Not under the gate.</summary>
    public void GiveWay()
    {
        _leftBecause = "it gave way to newer connections: too many wait to subscribe.";
        Volatile.Read(ref _watch)?.Cancel();
    }

    /// <summary>Ends the connection when it has accepted no byte, or acknowledged nothing while the engine waits for it, for too long.</summary>
    public void DropIfStuck()
    {
        lock (state.Gate)
        {
            if (_heldSince != 0 && !_isTooSlow && time.GetElapsedTime(_heldSince) >= limits.Unacknowledged)
            {
                // It is told why at a frame's boundary; the engine goes on at once.
                _isTooSlow = true;
                _droppedBecause ??= $"it held the engine up and acknowledged nothing for {DurationText.Of(limits.Unacknowledged)}.";
                state.Changed.Pulse();
                state.Moved.Pulse();
            }
        }

        var since = Volatile.Read(ref _sendingSince);
        if (since != 0 && time.GetElapsedTime(since) >= limits.Stuck)
        {
            Drop($"its connection accepted no byte for {DurationText.Of(limits.Stuck)}.");
        }
    }

    private void Drop(string reason)
    {
        if (Interlocked.CompareExchange(ref _droppedBecause, reason, null) is null)
        {
            Volatile.Read(ref _watch)?.Cancel();
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var watch = new SilenceWatch(Timeout.InfiniteTimeSpan, time, cancellationToken);
            Volatile.Write(ref _watch, watch);
            if (IsToGo())
            {
                watch.Cancel();
            }

            try
            {
                await OpenAsync(watch.Token).ConfigureAwait(false);
                await TalkAsync(watch).ConfigureAwait(false);
            }
            finally
            {
                Volatile.Write(ref _watch, null);
            }
        }
        catch (Exception exception) when (exception is TimeoutException || ConnectionErrors.IsBrokenOrCancelled(exception))
        {
            _leftBecause = exception switch
            {
                TimeoutException => $"it did not subscribe within {DurationText.Of(limits.Handshake)}.",
                OperationCanceledException or ObjectDisposedException => _leftBecause,
                _ => ConnectionErrors.Sentence(exception),
            };
        }
        finally
        {
            lock (state.Gate)
            {
                IsSubscribed = false;
                state.Subscribers.Remove(this);
                state.Moved.Pulse();
            }

            if (_droppedBecause is not null)
            {
                Log.SubscriberDropped(logger, _peer, _droppedBecause);
            }
            else
            {
                Log.SubscriberLeft(logger, _peer, _leftBecause);
            }
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limits.Handshake, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await connection.OpenAsync(both.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (ConnectionErrors.IsBrokenOrCancelled(exception))
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            if (timeout.IsCancellationRequested)
            {
                throw new TimeoutException();
            }

            throw;
        }
    }

    private async Task TalkAsync(SilenceWatch watch)
    {
        var pipe = ConnectionPump.CreatePipe(MaxFrameBytes);
        var pump = ConnectionPump.RunAsync(connection, pipe.Writer, watch);
        var reading = ReadAsync(pipe.Reader, watch);
        try
        {
            await SendLoopAsync(reading, watch).ConfigureAwait(false);
        }
        finally
        {
            watch.Cancel();
            await connection.DisposeAsync().ConfigureAwait(false);
            var error = await pump.ConfigureAwait(false);
            await reading.ConfigureAwait(false);
            if (_saidEnd && _hasClosed && error is null)
            {
                lock (state.Gate)
                {
                    state.TookAll = true;
                }
            }

            if (watch.IsSilent)
            {
                Drop($"it promised heartbeats and was silent for {DurationText.Of(watch.Tolerance)}.");
            }
        }
    }

    // Told so before there was anything to cancel.
    private bool IsToGo()
    {
        lock (state.Gate)
        {
            return IsGivingWay;
        }
    }

    private async Task SendLoopAsync(Task reading, SilenceWatch watch)
    {
        var cancellationToken = watch.Token;
        if (!await IntroduceAsync(reading, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var from = await _subscribed.Task.WaitAsync(limits.Handshake, time, cancellationToken).ConfigureAwait(false);
        var isFull = false;
        (ulong First, ulong Last)? lost = null;
        lock (state.Gate)
        {
            isFull = state.Subscribers.Count(other => other.IsSubscribed) >= limits.MaxSubscribers;

            // What is older than the ring is not sent: the host was told in the hello, or is told by a notice when it asks again.
            _next = Math.Clamp(from, state.Ring.FirstSequence, state.Ring.NextSequence);
            Locate();
            IsSubscribed = !isFull;
            lost = isFull ? null : state.NoteBegin(from);
            if (IsSubscribed && Acknowledges)
            {
                // It was said right behind the subscription, and is of no account for what others had before.
                state.NoteDurable(Acknowledged);
            }

            state.Moved.Pulse();
        }

        if (isFull)
        {
            await SayGoodbyeAsync(new SendStep(SendKind.Goodbye, Next: hello.NextSequence, Code: GoodbyeCode.Busy, Reason: limits.Full), reading, cancellationToken).ConfigureAwait(false);
            _leftBecause = limits.Full;
            return;
        }

        Log.SubscriberJoined(logger, _peer, from);
        if (lost is { } gone)
        {
            Log.RecordsLost(logger, gone.First, gone.Last, _peer);
        }

        while (true)
        {
            var step = NextStep();
            switch (step.Kind)
            {
                case SendKind.Records:
                    try
                    {
                        await SendAsync(step.Memory, cancellationToken).ConfigureAwait(false);
                    }
                    finally
                    {
                        EndSend(step);
                    }

                    break;
                case SendKind.Reply:
                    await SendAsync(step.Memory, cancellationToken).ConfigureAwait(false);
                    break;
                case SendKind.Heartbeat:
                    await SendAsync(SessionFrames.Heartbeat(step.Next - 1, Now()), cancellationToken).ConfigureAwait(false);
                    break;
                case SendKind.Goodbye:
                    await SayGoodbyeAsync(step, reading, cancellationToken).ConfigureAwait(false);
                    return;
                default:
                    await step.Wake!.WaitAsync(cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    private SendStep NextStep()
    {
        lock (state.Gate)
        {
            if (_isTooSlow)
            {
                return new SendStep(SendKind.Goodbye, Next: _next, Code: GoodbyeCode.TooSlow, Reason: _droppedBecause ?? "");
            }

            if (_echo is { } echo)
            {
                _echo = null;
                return new SendStep(SendKind.Reply, Memory: SessionFrames.Heartbeat(_next - 1, Now(), echo.Sent, echo.Received));
            }

            if (_replies.TryDequeue(out var reply))
            {
                return new SendStep(SendKind.Reply, Memory: reply);
            }

            if (NextReplay() is { } replay)
            {
                return replay;
            }

            if (_segment is null or { IsEvicted: true })
            {
                var (lost, first) = (_next, state.Ring.FirstSequence);
                _next = Math.Max(_next, first);
                Locate();
                if (lost < first)
                {
                    // At its place in the stream, so that the host need not ask for what is gone.
                    Log.SubscriberLostData(logger, _peer, lost, first - 1);
                    state.NoteOvertaken(lost);
                    return new SendStep(SendKind.Reply, Memory: SessionFrames.GapNotice(hello.SessionId, lost, first - 1, GapCause.NotRetained, first - 1, Now()));
                }
            }

            while (_segment is { Next: not null } && _offset == _segment.Published)
            {
                (_segment, _offset) = (_segment.Next, 0);
            }

            if (_segment is not null && _offset < _segment.Published)
            {
                _segment.Leases++;
                HeartbeatDue = false;
                _isReplayTurn = true;
                var (bytes, next) = IsReplaying
                    ? RetentionRing.Measure(_segment, _offset, _next, ulong.MaxValue, ReplayBytes)
                    : (_segment.Published - _offset, _segment.NextSequence);
                return new SendStep(SendKind.Records, _segment, _segment.Buffer.AsMemory(_offset, bytes), next);
            }

            if (state.Goodbye is { } goodbye)
            {
                return new SendStep(SendKind.Goodbye, Next: _next, Code: goodbye.Code, Reason: goodbye.Reason, IsEnd: true);
            }

            if (HeartbeatDue)
            {
                HeartbeatDue = false;
                return new SendStep(SendKind.Heartbeat, Next: _next);
            }

            return new SendStep(SendKind.Wait, Wake: state.Changed.Next);
        }
    }

    private void EndSend(SendStep step)
    {
        lock (state.Gate)
        {
            state.Ring.EndLease(step.Segment!);
            if (step.IsReplay)
            {
                return;
            }

            _offset += step.Memory.Length;
            _next = step.Next;
            state.NoteSent(_next);
            state.Moved.Pulse();
        }
    }

    private void Locate() => (_segment, _offset) = state.Ring.Locate(_next) is { } found ? (found.Segment, found.Offset) : (null, 0);

    // Closing a socket with unread acks in its buffer would reset it and may cost the host the tail, so the host closes first.
    private async Task SayGoodbyeAsync(SendStep step, Task reading, CancellationToken cancellationToken)
    {
        await SendAsync(SessionFrames.Goodbye(step.Code, step.Reason, step.Next - 1, Now()), cancellationToken).ConfigureAwait(false);
        _saidEnd = step.IsEnd;
        _leftBecause = step.IsEnd ? "the stream was completed." : $"it was told goodbye ({step.Code}): {step.Reason}";
        await connection.ShutdownSendAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await reading.WaitAsync(limits.Handshake, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _leftBecause += " It never closed its side.";
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var chunk = bytes[..Math.Min(bytes.Length, ChunkBytes)];
            Volatile.Write(ref _sendingSince, time.GetTimestamp());
            await connection.SendAsync(chunk, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _sendingSince, 0);
            bytes = bytes[chunk.Length..];
        }
    }

    private ulong Now() => SessionFrames.Now(time);

    private enum SendKind
    {
        Wait,
        Reply,
        Records,
        Heartbeat,
        Goodbye,
    }

    private readonly record struct SendStep(
        SendKind Kind,
        RetentionSegment? Segment = null,
        ReadOnlyMemory<byte> Memory = default,
        ulong Next = 0,
        Task? Wake = null,
        GoodbyeCode Code = default,
        string Reason = "",
        bool IsReplay = false,
        bool IsEnd = false);
}
