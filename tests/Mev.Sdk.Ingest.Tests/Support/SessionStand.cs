using System.Buffers;
using System.IO.Pipelines;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Tests.Support;

/// <summary>One session over bytes that a test cuts as it likes; no socket.</summary>
internal sealed class SessionStand
{
    private readonly IngestMonitor _monitor;

    public SessionStand(
        IRecordLog? log = null,
        bool? expectSimulated = null,
        int maxFrameBytes = WireFormat.DefaultMaxFrameBytes,
        byte[]? key = null,
        TimeProvider? time = null,
        TimeSpan heartbeats = default,
        IEnumerable<IRecordSink>? sinks = null)
    {
        _monitor = new IngestMonitor(time);

        // A log that is no sink only says what was durable before.
        IRecordSink[] logSink = log is MemoryLog memory ? [memory] : [];
        Sequencer = new RecordSequencer([Sink, .. logSink, .. sinks ?? []], log, monitor: _monitor);
        Gaps = new GapLedger(Sequencer, time);
        Context = new SessionContext
        {
            Name = "engine",
            SourceId = SourceIds.FromName("engine"),
            MaxFrameBytes = maxFrameBytes,
            ExpectSimulated = expectSimulated,
            Intake = Sequencer,
            Progress = new SourceProgress(SourceIds.FromName("engine"), log),
            Gaps = Gaps,
            Monitor = _monitor.Add("engine", "none"),
            Time = time ?? TimeProvider.System,
            Key = key is null ? null : new SessionKey(key),
            HeartbeatInterval = heartbeats,
            FrameTimeout = TimeSpan.FromSeconds(10),
        };
    }

    public CollectingSink Sink { get; } = new();

    public RecordSequencer Sequencer { get; }

    public GapLedger Gaps { get; }

    public SessionContext Context { get; }

    /// <summary>What the host sent, frame by frame.</summary>
    public List<byte[]> Sent { get; } = [];

    public SourceSnapshot Snapshot => _monitor.GetSnapshot().Sources.Single();

    public ulong SubscribedFrom =>
        Internal.SessionFrames.TryRead<SubscribeMessage>(Sent.Single(), out var subscribe) ? subscribe.FromSequence : throw new InvalidDataException();

    public async Task<SessionEnd> RunAsync(params byte[][] segments)
    {
        using var session = NewSession();
        return await session.RunAsync(PipeReader.Create(Sequence(segments)), TestContext.Current.CancellationToken);
    }

    /// <summary>Each piece arrives in a read of its own.</summary>
    public async Task<SessionEnd> RunArrivingAsync(params byte[][] pieces)
    {
        using var session = NewSession();
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var running = session.RunAsync(pipe.Reader, TestContext.Current.CancellationToken);
        foreach (var piece in pieces)
        {
            await pipe.Writer.WriteAsync(piece);
        }

        await pipe.Writer.CompleteAsync();
        return await running;
    }

    public EngineSession NewSession() => new(Context, (frame, _) =>
    {
        lock (Sent)
        {
            for (var rest = frame.Span; !rest.IsEmpty;)
            {
                var length = (int)BitConverter.ToUInt32(rest);
                Sent.Add(rest[..length].ToArray());
                rest = rest[length..];
            }
        }

        return ValueTask.CompletedTask;
    });

    private static ReadOnlySequence<byte> Sequence(byte[][] segments)
    {
        var first = new Segment(segments[0], 0);
        var last = first;
        foreach (var bytes in segments.Skip(1))
        {
            last = last.Append(bytes);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long runningIndex)
        {
            Memory = bytes;
            RunningIndex = runningIndex;
        }

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
