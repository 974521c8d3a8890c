using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Session;

/// <summary>The host's side of one connection: hello, proof, subscribe, records, replays, acks, until one side ends it. Knows no socket.</summary>
internal sealed partial class EngineSession : IDisposable
{
    /// <summary>Longest frame of a peer that is not yet known for who it is: a hello with a name of 512 bytes, and room for fields of later versions.</summary>
    public const int MaxHandshakeFrameBytes = 4 << 10;

    // What an engine says itself is gone may be much, but not so much that the session's numbers run out: 2^40 are over 12 days of a million a second.
    private const ulong MaxToldJump = 1UL << 40;

    private readonly SessionContext _context;
    private readonly SessionOutbox _outbox;
    private readonly FrameAssembler _assembler;
    private readonly ReplayDesk _replays;
    private readonly HeartbeatClock _clock;
    private readonly Lock _ackGate = new();
    private readonly TaskCompletionSource _tailSent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _sessionId;
    private ulong _durable;
    private ulong _acknowledged;
    private ulong _tail = ulong.MaxValue;
    private long _duplicates;
    private long _straddles;
    private long _partialSince;
    private bool _isBounded = true;

    /// <param name="context">What outlives the connection.</param>
    /// <param name="send">Sends a whole frame to the engine; called by one caller at a time.</param>
    /// <param name="isCapture">The bytes come from a file, so that nobody answers.</param>
    public EngineSession(SessionContext context, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, bool isCapture = false)
    {
        _context = context;
        _clock = new HeartbeatClock(context.Monitor);
        _outbox = new SessionOutbox(send, context.Time) { Acknowledged = OnAckSent, HeartbeatSent = _clock.OnSent };
        _replays = new ReplayDesk(context, _outbox) { IsCapture = isCapture };
        _assembler = new FrameAssembler(context.SourceId, Math.Min(MaxHandshakeFrameBytes, context.MaxFrameBytes)) { IsAskedFor = _replays.Takes };
    }

    /// <summary>The engine's session once it said hello and proved its key; 0 before.</summary>
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

    /// <summary>Notes what is durable; returns at once. Any thread.</summary>
    /// <param name="durableSequence">The last durable sequence of this session.</param>
    public void Acknowledge(ulong durableSequence)
    {
        // The log's thread and the session's may tell at once; the newest must win. What may yet be replayed, or was and is not yet durable,
        // the engine must not forget.
        lock (_ackGate)
        {
            _durable = Math.Max(_durable, durableSequence);
            _outbox.Acknowledge(SessionId, Math.Min(_durable, _context.Progress.Acks.Limit));
        }
    }

    /// <summary>The log committed something, or what is missing has changed: what is known as durable may perhaps be acknowledged now. Any thread.</summary>
    public void TellAcks()
    {
        // Whoever makes a sequence durable after this look asks for the limit after it: between the two nothing is lost.
        if (SessionId != 0 && Volatile.Read(ref _durable) != 0)
        {
            Acknowledge(0);
        }
    }

    /// <summary>Waits until everything that was delivered, and everything known as durable, was acknowledged.</summary>
    /// <returns>Completes also when nothing can be sent any more.</returns>
    public Task WhenTailSentAsync()
    {
        lock (_ackGate)
        {
            _tail = Math.Max(_context.Progress.LastDelivered, _durable);
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
        var alarm = _context.Time.CreateTimer(static state => ((PipeReader)state!).CancelPendingRead(), reader, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using (alarm.ConfigureAwait(false))
        {
            try
            {
                return await ReadAsync(reader, alarm, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _replays.End();
            }
        }
    }

    /// <summary>Sends acknowledgements, requests and heartbeats as they become due, until cancelled.</summary>
    public async Task RunSendsAsync(CancellationToken cancellationToken)
    {
        await _outbox.RunAsync(cancellationToken).ConfigureAwait(false);
        _tailSent.TrySetResult();
    }

    /// <summary>Sends a whole frame, one caller at a time.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) => _outbox.SendAsync(frame, cancellationToken);

    /// <summary>Has a frame sent in its turn; never waits.</summary>
    /// <returns>False when too much waits already, since the engine does not read; the frame was not taken.</returns>
    public bool TryPost(byte[] frame) => _outbox.TryPost(frame);

    public void Dispose() => _outbox.Dispose();

    private async Task<SessionEnd> ReadAsync(PipeReader reader, ITimer alarm, CancellationToken cancellationToken)
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

            if (IsStuck(left, buffer.Length - left))
            {
                return new SessionEnd(
                    SessionEndKind.Broken, $"a frame was not whole after {DurationText.Of(_context.FrameTimeout)}, {left} bytes into it: its length was damaged on the way, or the connection is too slow for it.");
            }

            var isOpen = _replays.IsEnabled && (_replays.IsAsking || !_context.Progress.Holes.IsEmpty);
            if (isOpen)
            {
                alarm.Change(_replays.Tick(_assembler.Next), Timeout.InfiniteTimeSpan);
            }

            // Also where a hole came and went within one read.
            TellAcks();
        }
    }

    // A damaged length swallows the frames behind it, heartbeats too, so that nothing else would notice on a quiet stream.
    private bool IsStuck(long left, long consumed)
    {
        if (left == 0 || consumed > 0 || _context.FrameTimeout == TimeSpan.Zero || _replays.IsCapture)
        {
            _partialSince = left == 0 ? 0 : _context.Time.GetTimestamp();
            return false;
        }

        if (_partialSince == 0)
        {
            _partialSince = _context.Time.GetTimestamp();
        }

        return _context.Time.GetElapsedTime(_partialSince) >= _context.FrameTimeout;
    }

    private async ValueTask<SessionEnd?> ProcessAsync(ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        _assembler.Begin(in buffer);
        try
        {
            while (true)
            {
                var step = _assembler.Scan();
                if (buffer.Slice(buffer.Start, _assembler.Consumed).Length > 0)
                {
                    _context.Monitor.OnHeard();
                }

                await DeliverAsync(step, cancellationToken).ConfigureAwait(false);
                switch (step)
                {
                    case AssemblerStep.NeedMoreData:
                        return null;
                    case AssemblerStep.BatchEnd:
                        break;
                    case AssemblerStep.Gap:
                        CheckJump(_assembler.GapFirst, _assembler.GapLast, ReplayDesk.MaxWidth);
                        AddGap(_assembler.GapFirst, _assembler.GapLast, "the engine's stream jumped over these records.", _assembler.HeldSlot);
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
                            SessionId == 0 ? "the engine sent a record before its hello was accepted." : "the engine sent a record without a usable sequence number.");
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
            // All of a batch is looked at only before a gap; otherwise its last record says enough, and an older slot is never wrong, only less sharp.
            var slot = step == AssemblerStep.Gap ? LastSlotOf(batch) : _assembler.LastSlot;
            var began = _replays.IsAsking ? _context.Time.GetTimestamp() : 0;
            try
            {
                await _context.Intake.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                batch.Release();
            }

            if (began != 0)
            {
                _replays.Exclude(_context.Time.GetElapsedTime(began));
            }

            OnDelivered(batch, slot);
        }

        // Counted once a read or so, not once a frame.
        if (step is not (AssemblerStep.Gap or AssemblerStep.BatchEnd))
        {
            _context.Monitor.OnDuplicates(_assembler.Duplicates - _duplicates);
            _context.Monitor.OnStraddles(_assembler.Straddles - _straddles);
            (_duplicates, _straddles) = (_assembler.Duplicates, _assembler.Straddles);
        }
    }

    private void OnDelivered(RecordBatch batch, ulong slot)
    {
        HasProgress = true;
        var progress = _context.Progress;
        var last = batch.First.Sequence + (ulong)batch.Count - 1;
        if (_assembler.IsReplay)
        {
            _context.Monitor.OnReplayed(batch.Count, batch.ByteCount);
        }
        else
        {
            progress.Deliver(SessionId, last);
            _context.Monitor.OnBatch(batch.Count, batch.ByteCount, last, _assembler.LastEngineTime);
            if (!_isBounded)
            {
                _isBounded = _context.Gaps.Bound(_context.SourceId, SessionId, batch.FirstLsn, slot);
            }

            progress.LastLsn = batch.LastLsn;
            progress.LastSlot = slot != 0 ? slot : progress.LastSlot;
        }

        _replays.OnDelivered(batch.First.Sequence, last, batch.LastLsn);
        _context.Gaps.OnReceived(batch.ByteCount);
    }

    private static ulong LastSlotOf(RecordBatch batch)
    {
        var last = 0UL;
        foreach (var record in batch)
        {
            last = record.TryGetSlot(out var slot) ? slot : last;
        }

        return last;
    }

    private async ValueTask<SessionEnd?> OnSessionFrameAsync(CancellationToken cancellationToken)
    {
        var frame = _assembler.SessionFrame;
        var header = MemoryMarshal.Read<FrameHeader>(frame.Span);
        switch (header.TemplateId)
        {
            case TemplateIds.Hello:
                return await OnHelloAsync(frame, cancellationToken).ConfigureAwait(false);
            case TemplateIds.Challenge:
                return await OnChallengeAsync(frame, cancellationToken).ConfigureAwait(false);
            case TemplateIds.Proof:
                return await OnProofAsync(frame, cancellationToken).ConfigureAwait(false);
            case TemplateIds.Goodbye:
                return OnGoodbye(frame, header.Sequence);
            case TemplateIds.Heartbeat when _assembler.Next != 0:
                OnHeartbeat(frame, in header);
                return null;
            case TemplateIds.GapNotice when _assembler.Next != 0:
                OnGapNotice(frame);
                return null;
            case TemplateIds.ParameterResult when _assembler.Next != 0:
                _context.Control?.OnFrame(SessionId, frame);
                return null;
            default:
                // Messages of a later version are skipped; a peer that never says hello meets the handshake's time limit.
                return null;
        }
    }

    private SessionEnd OnGoodbye(ReadOnlyMemory<byte> frame, ulong lastSequence)
    {
        if (!SessionFrames.TryRead<GoodbyeMessage>(frame, out var goodbye, out var reason))
        {
            throw new SessionProtocolException("the engine's goodbye has parts that lead outside its frame.");
        }

        // Who has not proven who it is ends its own connection and nothing else: not the stream, not the source.
        if (_handshake == Handshake.Done && _assembler.Next != 0)
        {
            CheckTail(lastSequence, "the engine's goodbye counts records that never came.");

            // Both are said behind the last record that there is; an engine that has said of more that it was published does not mean it.
            if (goodbye.Code is GoodbyeCode.EndOfStream or GoodbyeCode.ShuttingDown && _context.Progress.Next >= _context.Progress.ToldNext)
            {
                _context.Gaps.End(_context.SourceId, SessionId, _context.Progress.Next);
            }
        }

        var text = reason.Length == 0 ? "no reason given." : reason;
        if (goodbye.Code == GoodbyeCode.EndOfStream && _handshake == Handshake.Done)
        {
            if (_replays.IsEnabled && !_context.Progress.Holes.IsEmpty)
            {
                return new SessionEnd(SessionEndKind.Goodbye, $"the engine sent all it had ({text}), but some of it is missing and is asked for again.");
            }

            _context.Progress.EndedSessionId = SessionId != 0 ? SessionId : _context.Progress.EndedSessionId;
            return new SessionEnd(SessionEndKind.EndOfStream, text);
        }

        var hint = goodbye.Code == GoodbyeCode.Unauthorized ? $" {KeyAdvice()}" : "";
        return new SessionEnd(
            goodbye.Code is GoodbyeCode.Refused or GoodbyeCode.ProtocolError or GoodbyeCode.Unauthorized ? SessionEndKind.Refused : SessionEndKind.Goodbye,
            $"the engine said goodbye ({goodbye.Code}): {text}{hint}");
    }

    private void OnHeartbeat(ReadOnlyMemory<byte> frame, in FrameHeader header)
    {
        HasProgress = true;
        CheckTail(header.Sequence, "the engine's heartbeat counts records that never came.");
        _context.Gaps.WritePending();
        if (SessionFrames.TryRead<HeartbeatMessage>(frame, out var heartbeat) && heartbeat.EchoNanoseconds != 0)
        {
            _clock.OnAnswered(in heartbeat, header.EngineTimeNanoseconds, SessionFrames.Now(_context.Time));
        }
    }

    private void OnGapNotice(ReadOnlyMemory<byte> frame)
    {
        if (!SessionFrames.TryRead<GapNoticeMessage>(frame, out var notice)
            || notice.SessionId != SessionId
            || notice.FirstSequence == 0
            || notice.LastSequence < notice.FirstSequence
            || notice.LastSequence == ulong.MaxValue)
        {
            throw new SessionProtocolException("the engine sent a gap notice of another session, or of no range.");
        }

        HasProgress = true;
        var next = _assembler.Next;
        var cause = notice.Cause is > GapCause.Unspecified and < GapCause.EndUnknown ? notice.Cause : GapCause.NotRetained;
        _replays.OnNotice(notice.FirstSequence, Math.Min(notice.LastSequence, next - 1), cause);
        if (notice.LastSequence < next)
        {
            return;
        }

        // At its place in the stream: what lies before it never came, what it names never will.
        CheckJump(next, notice.LastSequence, MaxToldJump);
        var first = Math.Max(notice.FirstSequence, next);
        _assembler.Expect(SessionId, notice.LastSequence + 1);
        if (first > next)
        {
            AddGap(next, first - 1, "the engine's stream jumped over these records.");
        }

        AddFinal(first, notice.LastSequence, cause, cause == GapCause.Dropped ? "the engine dropped these records itself." : "the engine no longer had these records.");
    }

    // One number that is far off would make every record behind it a duplicate, in this connection and the next: the connection ends instead, and the
    // next one goes on where the records ended.
    private static void CheckJump(ulong first, ulong last, ulong most)
    {
        if (last - first >= most)
        {
            throw new SessionProtocolException(
                $"the engine's stream jumped from record {first} to {last}, which is further than {most} records; an engine says of records that it dropped itself that they are gone.");
        }
    }

    private void CheckTail(ulong lastSequence, string reason)
    {
        if (lastSequence >= _assembler.Next && lastSequence != ulong.MaxValue)
        {
            var first = _assembler.Next;
            CheckJump(first, lastSequence, ReplayDesk.MaxWidth);
            _assembler.Expect(SessionId, lastSequence + 1);
            AddGap(first, lastSequence, reason);
        }
    }

    // What of it may yet be had is open.
    private void AddGap(ulong first, ulong last, string reason, ulong slotBehind = 0)
    {
        if (_replays.Add(first, last) is { } why)
        {
            AddFinal(first, last, GapCause.Skipped, $"{reason.TrimEnd('.')}; {why}", slotBehind);
            return;
        }

        Note(first, last, GapState.Open, GapCause.Skipped, reason, slotBehind);
    }

    private void AddFinal(ulong first, ulong last, GapCause cause, string reason, ulong slotBehind = 0) =>
        Note(first, last, GapState.Final, cause, reason, slotBehind);

    private void Note(ulong first, ulong last, GapState state, GapCause cause, string reason, ulong slotBehind)
    {
        var progress = _context.Progress;
        _context.Monitor.OnGap(state, cause);
        _context.Gaps.Add(new CoverageGap(_context.Name, SessionId, first, last, default, state, reason)
        {
            Cause = cause,
            FirstSlot = progress.LastSlot,
            LastSlot = slotBehind >= progress.LastSlot ? slotBehind : 0,
            AfterLsn = progress.LastLsn,
        });
        _isBounded = false;
        progress.Advance(SessionId, last + 1);
        TellAcks();
    }

    private void OnAckSent(ulong sequence)
    {
        _context.Monitor.OnAcknowledged(sequence);
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
