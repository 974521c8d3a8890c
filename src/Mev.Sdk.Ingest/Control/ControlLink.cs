using System.Diagnostics.CodeAnalysis;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Control;

/// <summary>The way from this host to one engine, over whatever connection there is. Thread-safe.</summary>
/// <param name="name">The source's name.</param>
/// <param name="sourceId">The source's id.</param>
[SuppressMessage("Design", "CA1001", Justification = "A connection is disposed where it ends, in CloseAsync; between connections there is none.")]
internal sealed class ControlLink(string name, uint sourceId)
{
    private static long _connections;

    private readonly Lock _gate = new();
    private readonly KeyValuePair<string, object?> _tag = new("source", name);
    private ControlConnection? _connection;
    private IControlDesk? _desk;
    private int _scoreQueueBytes;

    public string Name { get; } = name;

    public uint SourceId { get; } = sourceId;

    /// <summary>Bytes of scores that wait for the connection.</summary>
    public long QueuedBytes => Volatile.Read(ref _connection)?.QueuedBytes ?? 0;

    /// <summary>Says who has things to send; once, before the source runs.</summary>
    /// <exception cref="InvalidOperationException">The source has a control channel already.</exception>
    public void Attach(IControlDesk desk, int scoreQueueBytes)
    {
        lock (_gate)
        {
            if (_desk is not null)
            {
                throw new InvalidOperationException($"The source '{Name}' already belongs to another EngineControl.");
            }

            Tracked<ControlLink>.Add(this);
            _desk = desk;
            _scoreQueueBytes = scoreQueueBytes;
        }
    }

    /// <summary>The host subscribed: sends what the engine takes until <see cref="CloseAsync"/>.</summary>
    public void Open(StreamFlags flags, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send)
    {
        lock (_gate)
        {
            if (_desk is null || !(flags.HasFlag(StreamFlags.TakesScores) || flags.HasFlag(StreamFlags.TakesParameters)))
            {
                return;
            }

            _connection = new ControlConnection(this, Interlocked.Increment(ref _connections), flags, _desk, _scoreQueueBytes, send);
            _connection.Start();
        }
    }

    /// <summary>The connection ends.</summary>
    /// <returns>Completes when nothing is sent over it any more.</returns>
    public ValueTask CloseAsync()
    {
        lock (_gate)
        {
            var connection = _connection;
            _connection = null;
            return connection?.DisposeAsync() ?? ValueTask.CompletedTask;
        }
    }

    /// <summary>There may be an update to send.</summary>
    public void Wake() => Volatile.Read(ref _connection)?.Wake();

    /// <summary>Queues a frame of scores.</summary>
    /// <returns>False when it was dropped, which was counted.</returns>
    public bool TrySendScores(byte[] frame, int scores)
    {
        var why = Volatile.Read(ref _connection) is not { } connection ? "disconnected"
            : !connection.TakesScores ? "not_taken"
            : connection.TryQueue(frame, scores) ? null
            : "full";
        if (why is not null)
        {
            IngestMetrics.ScoresDropped.Add(scores, _tag, new("reason", why));
        }

        return why is null;
    }

    /// <summary>A control frame of the engine.</summary>
    public void OnFrame(ulong sessionId, ReadOnlyMemory<byte> frame)
    {
        if (Volatile.Read(ref _desk) is { } desk && ParameterResultView.TryRead(new RecordView(Lsn.None, frame.Span), out var result))
        {
            desk.OnResult(this, sessionId, in result);
        }
    }

    public void OnSent(int scores) => IngestMetrics.ScoresSent.Add(scores, _tag);

    public void OnUpdateSent() => IngestMetrics.UpdatesSent.Add(1, _tag);
}
