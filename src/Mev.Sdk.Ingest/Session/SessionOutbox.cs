using System.Threading.Channels;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Transports;

namespace Mev.Sdk.Ingest.Session;

/// <summary>
/// What a host sends while records come in: requests, the newest acknowledgement, heartbeats. Whoever has something to send leaves it here and goes on,
/// so that an engine that does not read can never stop the host from reading. Thread-safe.
/// </summary>
/// <param name="send">Sends a whole frame; called by one caller at a time.</param>
/// <param name="time">The clock of heartbeats.</param>
internal sealed class SessionOutbox(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, TimeProvider time) : IDisposable
{
    // More waits only if the engine reads nothing; whoever finds no room tries again.
    private const int MaxPosted = 64;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Queue<byte[]> _posted = new();
    private (ulong SessionId, ulong Sequence) _ack;
    private ulong _acknowledged;
    private bool _heartbeatDue;
    private ITimer? _heartbeats;

    /// <summary>Called with each sequence that was acknowledged, after its frame was sent.</summary>
    public Action<ulong>? Acknowledged { get; init; }

    /// <summary>Called with the time of each heartbeat, nanoseconds since the Unix epoch, before it is sent.</summary>
    public Action<ulong>? HeartbeatSent { get; init; }

    /// <summary>Sends a frame now; completes when it was sent.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await send(frame, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Has a frame sent in its turn.</summary>
    /// <returns>False when too much waits; nothing was taken.</returns>
    public bool TryPost(byte[] frame)
    {
        lock (_gate)
        {
            if (_posted.Count == MaxPosted)
            {
                return false;
            }

            _posted.Enqueue(frame);
        }

        Wake();
        return true;
    }

    /// <summary>Has a sequence acknowledged; only the newest is sent.</summary>
    public void Acknowledge(ulong sessionId, ulong sequence)
    {
        lock (_gate)
        {
            if (sequence <= _ack.Sequence)
            {
                return;
            }

            _ack = (sessionId, sequence);
        }

        Wake();
    }

    /// <summary>A sequence was acknowledged together with something else; it is not said again.</summary>
    public void NoteAcknowledged(ulong sessionId, ulong sequence)
    {
        lock (_gate)
        {
            _ack = (sessionId, sequence);
            _acknowledged = sequence;
        }

        if (sequence != 0)
        {
            Acknowledged?.Invoke(sequence);
        }
    }

    /// <summary>Sends heartbeats from now on.</summary>
    public void StartHeartbeats(TimeSpan interval)
    {
        lock (_gate)
        {
            _heartbeats ??= time.CreateTimer(static state => ((SessionOutbox)state!).OnHeartbeat(), this, TimeSpan.Zero, interval);
        }
    }

    /// <summary>Sends what becomes due, until cancelled or until nothing can be sent any more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _due.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                while (Take(out var frame, out var acknowledged))
                {
                    await SendAsync(frame, cancellationToken).ConfigureAwait(false);
                    if (acknowledged != 0)
                    {
                        Acknowledged?.Invoke(acknowledged);
                    }
                }
            }
        }
        catch (Exception exception) when (ConnectionErrors.IsBrokenOrCancelled(exception))
        {
            // A connection that cannot be written to is about to fail for its reader, who says why.
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _heartbeats?.Dispose();
        }

        _sending.Dispose();
    }

    private bool Take(out byte[] frame, out ulong acknowledged)
    {
        ulong now;
        lock (_gate)
        {
            acknowledged = 0;
            if (_posted.TryDequeue(out frame!))
            {
                return true;
            }

            if (_ack.Sequence > _acknowledged)
            {
                acknowledged = _acknowledged = _ack.Sequence;
                frame = SessionFrames.Ack(_ack.SessionId, _ack.Sequence);
                return true;
            }

            if (!_heartbeatDue)
            {
                return false;
            }

            _heartbeatDue = false;
            now = SessionFrames.Now(time);
        }

        // Stamped here, where nothing is left but to send it.
        HeartbeatSent?.Invoke(now);
        frame = SessionFrames.Heartbeat(0, now);
        return true;
    }

    private void OnHeartbeat()
    {
        lock (_gate)
        {
            _heartbeatDue = true;
        }

        Wake();
    }

    private void Wake() => _due.Writer.TryWrite(true);
}
