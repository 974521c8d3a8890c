using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Transports;
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
/// await engine.CompleteAsync(GoodbyeCode.EndOfStream, "that was all", cancellationToken);
/// </code>
/// </example>
public sealed class EnginePublisher : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly PublisherState _state;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _publishing = new(1);
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _heartbeats;
    private readonly string _engineName;
    private readonly StreamFlags _flags;
    private readonly uint _heartbeatMilliseconds;
    private readonly TimeSpan _handshakeTimeout;
    private readonly FullRetention _whenFull;
    private readonly long _reserveBytes;
    private readonly int _maxSubscribers;
    private readonly Task _accepting;

    private EnginePublisher(EnginePublisherOptions options, Socket listener, TimeProvider time, ILogger logger)
    {
        _listener = listener;
        _time = time;
        _logger = logger;
        _state = new PublisherState(options.RetentionBytes);
        _engineName = options.EngineName;
        _flags = options.Flags;
        _heartbeatMilliseconds = (uint)options.HeartbeatInterval.TotalMilliseconds;
        _handshakeTimeout = options.HandshakeTimeout;
        _whenFull = options.WhenFull;
        _reserveBytes = options.RetentionBytes / 4;
        _maxSubscribers = options.MaxSubscribers;
        LocalEndPoint = (IPEndPoint)listener.LocalEndPoint!;
        SessionId = DrawSessionId();
        Log.PublisherListening(logger, _engineName, LocalEndPoint.ToString(), SessionId);
        _heartbeats = time.CreateTimer(static state => ((EnginePublisher)state!).OnHeartbeat(), this, options.HeartbeatInterval, options.HeartbeatInterval);
        _accepting = AcceptAsync();
    }

    /// <summary>Where the publisher listens, with the port it got.</summary>
    public IPEndPoint LocalEndPoint { get; }

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

    /// <summary>Every subscriber made the records up to this sequence durable; 0 with no subscriber, or before one acknowledged.</summary>
    public ulong AcknowledgedSequence
    {
        get
        {
            lock (_state.Gate)
            {
                return _state.Subscribers.Where(subscriber => subscriber.IsSubscribed).Select(subscriber => subscriber.Acknowledged).DefaultIfEmpty().Min();
            }
        }
    }

    /// <summary>Starts to listen.</summary>
    /// <param name="options">Where, and within which limits; copied.</param>
    /// <param name="timeProvider">Clock and timers; the system's by default.</param>
    /// <param name="logger">Where subscribers' comings and goings are reported.</param>
    /// <returns>A publisher; dispose it to close every connection.</returns>
    /// <exception cref="ArgumentException">An option is missing or out of range.</exception>
    /// <exception cref="IOException">The endpoint cannot be listened on: the port is taken, or the address is not this machine's.</exception>
    public static EnginePublisher Start(EnginePublisherOptions options, TimeProvider? timeProvider = null, ILogger<EnginePublisher>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        var listener = new Socket(options.ListenEndpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(options.ListenEndpoint);
            listener.Listen();
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            var remedy = exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "The port is taken: end the process that has it, choose another, or give 0 for a free one."
                : "Choose an address of this machine and a port that this user may bind.";
            throw new IOException($"The engine cannot listen on tcp://{options.ListenEndpoint}: {exception.Message}. {remedy}", exception);
        }

        return new EnginePublisher(options, listener, timeProvider ?? TimeProvider.System, logger ?? NullLogger<EnginePublisher>.Instance);
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
        Check(frames.Span, _state.Ring.MaxFrameBytes);
        await _publishing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!frames.IsEmpty)
            {
                var (segment, sequence, room) = Reserve(FrameLength(frames.Span));
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

    /// <summary>Ends the stream in order: every subscriber gets what is left, then a goodbye.</summary>
    /// <remarks>The publisher goes on listening: a host that was cut off gets its tail and the goodbye when it returns, until this is disposed.</remarks>
    /// <param name="code">Why.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="cancellationToken">Gives up waiting for the subscribers.</param>
    /// <returns>Completes when all who are connected now have everything and have left.</returns>
    /// <exception cref="ObjectDisposedException">The publisher was disposed.</exception>
    public async Task CompleteAsync(GoodbyeCode code, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        await _publishing.WaitAsync(cancellationToken).ConfigureAwait(false);
        Task all;
        try
        {
            lock (_state.Gate)
            {
                ObjectDisposedException.ThrowIf(_state.IsDisposed, this);
                _state.Goodbye ??= (code, reason);
                _state.Changed.Pulse();
                all = Task.WhenAll(_state.Subscribers.Select(subscriber => subscriber.Completion));
            }
        }
        finally
        {
            _publishing.Release();
        }

        await all.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the listener and every connection at once; <see cref="CompleteAsync"/> first for an orderly end.</summary>
    /// <returns>Completes when nothing of the publisher runs any more.</returns>
    public async ValueTask DisposeAsync()
    {
        Task all;
        lock (_state.Gate)
        {
            if (_state.IsDisposed)
            {
                return;
            }

            _state.IsDisposed = true;
            _state.Moved.Pulse();
            all = Task.WhenAll(_state.Subscribers.Select(subscriber => subscriber.Completion));
        }

        await _heartbeats.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        await all.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static ulong DrawSessionId()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return Math.Max(1, MemoryMarshal.Read<ulong>(bytes));
    }

    private static int FrameLength(ReadOnlySpan<byte> frames) => (int)MemoryMarshal.Read<uint>(frames);

    private static void Check(ReadOnlySpan<byte> frames, int maxFrameBytes)
    {
        for (var at = 0; at < frames.Length;)
        {
            var rest = frames[at..];
            var header = rest.Length < FrameHeader.Size ? default : MemoryMarshal.Read<FrameHeader>(rest);
            if (header.Length < FrameHeader.Size || header.Length > (uint)rest.Length || header.Length % WireFormat.Alignment != 0)
            {
                throw new ArgumentException($"No whole frame begins at byte {at}: {header.Length} bytes declared, {rest.Length} given.", nameof(frames));
            }

            if (header.Length > (uint)maxFrameBytes)
            {
                throw new ArgumentException(
                    $"The frame at byte {at} has {header.Length} bytes, the retention takes {maxFrameBytes} (an eighth of RetentionBytes, which must be raised).",
                    nameof(frames));
            }

            if (header.SchemaId != WireFormat.SchemaId
                || !TemplateIds.IsRecord(header.TemplateId)
                || header.BlockLength > header.Length - FrameHeader.Size)
            {
                throw new ArgumentException(
                    $"The frame at byte {at} (template {header.TemplateId} of schema {header.SchemaId}) is not a record of this format.", nameof(frames));
            }

            at += (int)header.Length;
        }
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
        if (_whenFull == FullRetention.WaitForSubscriber)
        {
            foreach (var subscriber in _state.Subscribers)
            {
                if (subscriber.Holds(segment, _reserveBytes))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Outside the gate: nobody reads behind what is published, and only one publisher writes at a time.
    private (int Bytes, ulong Count) Fill(RetentionSegment segment, ReadOnlySpan<byte> frames, ulong sequence)
    {
        var now = (ulong)(_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var destination = segment.Buffer.AsSpan(segment.Published);
        var bytes = 0;
        var count = 0UL;
        while (bytes < frames.Length)
        {
            var length = FrameLength(frames[bytes..]);
            if (length > destination.Length - bytes)
            {
                break;
            }

            var frame = destination.Slice(bytes, length);
            frames.Slice(bytes, length).CopyTo(frame);
            var stamped = MemoryMarshal.Read<FrameHeader>(frame).EngineTimeNanoseconds;
            FrameWriter.Stamp(frame, sequence + count++, stamped == 0 ? now : stamped);
            bytes += length;
        }

        return (bytes, count);
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

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                socket.NoDelay = true;
                Serve(socket);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // As when the process is out of handles: the pause keeps a lasting condition from spinning.
                Log.AcceptFailed(_logger, exception);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task RefuseAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                var reason = $"the engine already serves {_maxSubscribers} subscribers, its limit.";
                using var timeout = new CancellationTokenSource(_handshakeTimeout, _time);
                await socket.SendAsync(SessionFrames.Goodbye(GoodbyeCode.Refused, reason, 0, 0), SocketFlags.None, timeout.Token).ConfigureAwait(false);
                socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Politeness only.
            }
        }
    }

    private void Serve(Socket socket)
    {
        lock (_state.Gate)
        {
            if (_state.IsDisposed)
            {
                socket.Dispose();
                return;
            }

            if (_state.Subscribers.Count >= _maxSubscribers)
            {
                _ = RefuseAsync(socket);
                return;
            }

            var hello = new HelloMessage
            {
                SessionId = SessionId,
                FirstRetainedSequence = _state.Ring.FirstSequence,
                NextSequence = _state.Ring.NextSequence,
                HeartbeatMilliseconds = _heartbeatMilliseconds,
                Flags = _flags,
            };
            var subscriber = new Subscriber(new SocketConnection(socket, socket.RemoteEndPoint?.ToString() ?? "unknown"), _state, hello, _engineName, _handshakeTimeout, _time, _logger);
            _state.Subscribers.Add(subscriber);
            subscriber.Start(_stopping.Token);
        }
    }
}
