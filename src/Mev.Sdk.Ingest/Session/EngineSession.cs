using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Session;

/// <summary>The host's side of one connection: hello, subscribe, records, acks, until one side ends it. Knows no socket.</summary>
/// <param name="context">What outlives the connection.</param>
/// <param name="send">Sends a whole frame to the engine; called by one caller at a time.</param>
internal sealed class EngineSession(SessionContext context, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send) : IDisposable
{
    // Only the newest durable sequence matters, so the channel holds one and forgets the older.
    private readonly Channel<ulong> _acks = Channel.CreateBounded<ulong>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Lock _ackGate = new();
    private readonly TaskCompletionSource _tailSent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameAssembler _assembler = new(context.SourceId, context.MaxFrameBytes);
    private readonly SemaphoreSlim _sending = new(1);
    private ulong _sessionId;
    private ulong _durable;
    private ulong _acknowledged;
    private ulong _tail = ulong.MaxValue;
    private long _duplicates;
    private long _straddles;

    /// <summary>The engine's session once it said hello; 0 before.</summary>
    public ulong SessionId => Volatile.Read(ref _sessionId);

    /// <summary>Whether anything was received behind the subscription: the proof that the peer works.</summary>
    public bool HasProgress { get; private set; }

    /// <summary>
    /// Asked once the engine is known for who it is (its hello makes sense, and its proof is right where there is a key), before anything
    /// that outlives the connection is touched; a reason refuses the engine. Null admits it.
    /// </summary>
    public Func<CancellationToken, ValueTask<string?>>? Admit { get; init; }

    /// <summary>Called with the engine's hello once it was accepted; for the watch and the log.</summary>
    public Action<EngineSession, HelloMessage, string, ulong>? Subscribed { get; init; }

    /// <summary>Notes a durable sequence; returns at once.</summary>
    public void Acknowledge(ulong durableSequence)
    {
        // The log's thread and the session's may tell at once; the newest must win.
        lock (_ackGate)
        {
            if (durableSequence > _durable)
            {
                _durable = durableSequence;
                _acks.Writer.TryWrite(durableSequence);
            }
        }
    }

    /// <summary>Waits until everything that was delivered, and everything known as durable, was acknowledged.</summary>
    /// <returns>Completes also when nothing can be sent any more.</returns>
    public Task WhenTailSentAsync()
    {
        lock (_ackGate)
        {
            _tail = Math.Max(context.Progress.LastDelivered, _durable);
            if (_acknowledged >= _tail)
            {
                _tailSent.TrySetResult();
            }
        }

        return _tailSent.Task;
    }

    /// <summary>Reads frames and delivers records until the session ends.</summary>
    /// <exception cref="FrameFormatException">The bytes are no frames.</exception>
    /// <exception cref="SessionProtocolException">The frames are in an order that the session does not allow.</exception>
    public async Task<SessionEnd> RunAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            var end = buffer.IsEmpty ? null : await ProcessAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (end is { } ended)
            {
                return ended;
            }

            var consumed = buffer.IsEmpty ? buffer.End : _assembler.Consumed;
            var left = buffer.Slice(consumed).Length;
            reader.AdvanceTo(consumed, buffer.End);
            if (result.IsCompleted)
            {
                return new SessionEnd(SessionEndKind.Broken, left == 0
                    ? "the connection ended without a goodbye."
                    : $"the connection ended in the middle of a frame, {left} bytes into it.");
            }
        }
    }

    /// <summary>Sends acknowledgements as they become due, until cancelled.</summary>
    public async Task RunAcksAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var sequence in _acks.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await SendAsync(SessionFrames.Ack(SessionId, sequence), cancellationToken).ConfigureAwait(false);
                context.Monitor.OnAcknowledged(sequence);
                lock (_ackGate)
                {
                    _acknowledged = sequence;
                    if (sequence >= _tail)
                    {
                        _tailSent.TrySetResult();
                    }
                }
            }
        }
        catch (Exception exception) when (ConnectionErrors.IsBrokenOrCancelled(exception))
        {
            // A connection that cannot be written to is about to fail for its reader, who says why.
        }
        finally
        {
            _tailSent.TrySetResult();
        }
    }

    /// <summary>Sends a whole frame, one caller at a time.</summary>
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

    public void Dispose() => _sending.Dispose();

    private async ValueTask<SessionEnd?> ProcessAsync(System.Buffers.ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        _assembler.Begin(in buffer);
        try
        {
            while (true)
            {
                var step = _assembler.Scan();
                if (buffer.Slice(buffer.Start, _assembler.Consumed).Length > 0)
                {
                    context.Monitor.OnHeard();
                }

                await DeliverAsync(step, cancellationToken).ConfigureAwait(false);
                switch (step)
                {
                    case AssemblerStep.NeedMoreData:
                        return null;
                    case AssemblerStep.Gap:
                        AddGap(_assembler.GapFirst, _assembler.GapLast, GapState.Open, "the engine's stream jumped over these records.");
                        break;
                    case AssemblerStep.SessionFrame:
                        if (await OnSessionFrameAsync(cancellationToken).ConfigureAwait(false) is { } end)
                        {
                            return end;
                        }

                        break;
                    case AssemblerStep.ForbiddenRecord:
                        throw new SessionProtocolException("the engine sent a record of a kind that only a host makes (a gap, a prediction ...).");
                    case AssemblerStep.UnexpectedRecord:
                        throw new SessionProtocolException(
                            SessionId == 0 ? "the engine sent a record before its hello." : "the engine sent a record without a usable sequence number.");
                    default:
                        throw _assembler.ToException();
                }
            }
        }
        finally
        {
            _assembler.Release();
        }
    }

    private async ValueTask DeliverAsync(AssemblerStep step, CancellationToken cancellationToken)
    {
        if (_assembler.Take() is { } batch)
        {
            try
            {
                await context.Intake.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                batch.Release();
            }

            var next = batch.First.Sequence + (ulong)batch.Count;
            HasProgress = true;
            context.Progress.Deliver(SessionId, next - 1);
            context.Monitor.OnBatch(batch.Count, batch.ByteCount, next - 1, _assembler.LastEngineTime);
            context.Gaps.WritePending();
        }

        // Counted once a read or so, not once a frame.
        if (step != AssemblerStep.Gap)
        {
            context.Monitor.OnDuplicates(_assembler.Duplicates - _duplicates);
            context.Monitor.OnStraddles(_assembler.Straddles - _straddles);
            (_duplicates, _straddles) = (_assembler.Duplicates, _assembler.Straddles);
        }
    }

    private async ValueTask<SessionEnd?> OnSessionFrameAsync(CancellationToken cancellationToken)
    {
        var frame = _assembler.SessionFrame;
        var header = MemoryMarshal.Read<FrameHeader>(frame.Span);
        switch (header.TemplateId)
        {
            case TemplateIds.Hello when SessionId == 0:
                return await OnHelloAsync(frame, cancellationToken).ConfigureAwait(false);
            case TemplateIds.Hello:
                throw new SessionProtocolException("the engine said hello twice.");
            case TemplateIds.Goodbye:
                return OnGoodbye(frame, header.Sequence);
            case TemplateIds.Heartbeat when _assembler.Next != 0:
                HasProgress = true;
                CheckTail(header.Sequence, "the engine's heartbeat counts records that never came.");
                context.Gaps.WritePending();
                return null;
            case TemplateIds.ParameterResult when _assembler.Next != 0:
                context.Control?.OnFrame(SessionId, frame);
                return null;
            default:
                // Messages of a later version are skipped; a peer that never says hello meets the handshake's time limit.
                return null;
        }
    }

    private async ValueTask<SessionEnd?> OnHelloAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        if (!SessionFrames.TryRead<HelloMessage>(frame, out var hello, out var name))
        {
            throw new SessionProtocolException("the engine's hello has parts that lead outside its frame.");
        }

        if (hello.SessionId == 0 || hello.NextSequence == 0 || hello.FirstRetainedSequence > hello.NextSequence)
        {
            throw new SessionProtocolException(
                $"the engine's hello makes no sense: session {hello.SessionId:x16}, retained from {hello.FirstRetainedSequence}, next {hello.NextSequence}.");
        }

        var refusal = Admit is null ? null : await Admit(cancellationToken).ConfigureAwait(false);
        if (refusal is null)
        {
            context.Monitor.OnHello(in hello, name);
            refusal = Refusal(in hello);
        }

        if (refusal is not null)
        {
            await SendAsync(SessionFrames.Goodbye(GoodbyeCode.Refused, refusal, 0, 0), cancellationToken).ConfigureAwait(false);
            return new SessionEnd(SessionEndKind.Refused, refusal);
        }

        Volatile.Write(ref _sessionId, hello.SessionId);
        var first = Math.Max(1, hello.FirstRetainedSequence);

        // A source met for the first time has missed nothing; one whose engine restarted while we were away has.
        var wanted = context.Progress.WantedOf(hello.SessionId) ?? (context.Progress.IsKnown ? 1 : first);
        if (wanted > hello.NextSequence)
        {
            throw new SessionProtocolException(
                $"the engine says that record {hello.NextSequence} of session {hello.SessionId:x16} comes next, but {wanted - 1} was already received.");
        }

        if (context.Progress.EndedSessionId == hello.SessionId && wanted == hello.NextSequence)
        {
            return new SessionEnd(SessionEndKind.EndOfStream, "the engine has nothing new since it said goodbye.");
        }

        if (wanted < first)
        {
            AddGap(wanted, first - 1, GapState.Final, $"the engine retains records from {first} only.");
        }

        var from = Math.Max(wanted, first);
        context.Progress.Advance(hello.SessionId, from);
        _assembler.Expect(hello.SessionId, from);
        await SendAsync(SessionFrames.Subscribe(hello.SessionId, from), cancellationToken).ConfigureAwait(false);
        Subscribed?.Invoke(this, hello, name, from);
        return null;
    }

    private SessionEnd OnGoodbye(ReadOnlyMemory<byte> frame, ulong lastSequence)
    {
        if (!SessionFrames.TryRead<GoodbyeMessage>(frame, out var goodbye, out var reason))
        {
            throw new SessionProtocolException("the engine's goodbye has parts that lead outside its frame.");
        }

        if (_assembler.Next != 0)
        {
            CheckTail(lastSequence, "the engine's goodbye counts records that never came.");
        }

        var text = reason.Length == 0 ? "no reason given." : reason;
        if (goodbye.Code == GoodbyeCode.EndOfStream)
        {
            context.Progress.EndedSessionId = SessionId;
            return new SessionEnd(SessionEndKind.EndOfStream, text);
        }

        return new SessionEnd(
            goodbye.Code is GoodbyeCode.Refused or GoodbyeCode.ProtocolError ? SessionEndKind.Refused : SessionEndKind.Goodbye,
            $"the engine said goodbye ({goodbye.Code}): {text}");
    }

    private string? Refusal(in HelloMessage hello)
    {
        var simulated = hello.Flags.HasFlag(StreamFlags.Simulated);
        return context.ExpectSimulated is not { } expected || expected == simulated ? null
            : simulated ? "the stream carries simulated records, this host expects real ones."
            : "the stream carries real records, this host expects simulated ones.";
    }

    private void CheckTail(ulong lastSequence, string reason)
    {
        if (lastSequence >= _assembler.Next && lastSequence != ulong.MaxValue)
        {
            var first = _assembler.Next;
            _assembler.Expect(SessionId, lastSequence + 1);
            AddGap(first, lastSequence, GapState.Open, reason);
        }
    }

    private void AddGap(ulong first, ulong last, GapState state, string reason)
    {
        context.Monitor.OnGap();
        context.Gaps.Add(context.Name, SessionId, first, last, state, reason);
        context.Progress.Advance(SessionId, last + 1);
    }
}
