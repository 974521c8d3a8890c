using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Session;

internal sealed partial class EngineSession
{
    private Handshake _handshake;
    private HelloMessage _hello;
    private string _engineName = "";
    private byte[] _helloFrame = [];
    private Bytes32 _expectedProof;

    private enum Handshake
    {
        Hello,
        Challenge,
        Proof,
        Done,
    }

    private async ValueTask<SessionEnd?> OnHelloAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        if (_handshake != Handshake.Hello)
        {
            throw new SessionProtocolException("the engine said hello twice.");
        }

        if (!SessionFrames.TryRead<HelloMessage>(frame, out _hello, out _engineName))
        {
            throw new SessionProtocolException("the engine's hello has parts that lead outside its frame.");
        }

        if (_hello.SessionId == 0 || _hello.NextSequence is 0 or ulong.MaxValue || _hello.FirstRetainedSequence > _hello.NextSequence)
        {
            throw new SessionProtocolException(
                $"the engine's hello makes no sense: session {_hello.SessionId:x16}, retained from {_hello.FirstRetainedSequence}, next {_hello.NextSequence}.");
        }

        var wantsProof = _hello.Flags.HasFlag(StreamFlags.Authenticated);
        if (_replays.IsCapture || (!wantsProof && _context.Key is null))
        {
            return await OnKnownAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!wantsProof)
        {
            return await RefuseAsync(
                GoodbyeCode.Unauthorized,
                "this host talks only to engines that prove a shared key.",
                $"the engine asks for no proof of a key, and this host has one; give the engine the key too, or remove {_context.KeySetting} if anybody may be this engine.",
                cancellationToken).ConfigureAwait(false);
        }

        if (_context.Key is null)
        {
            return await RefuseAsync(
                GoodbyeCode.Unauthorized,
                "this host has no key.",
                $"the engine asks for proof of a shared key, and this host has none; set {_context.KeySetting}.",
                cancellationToken).ConfigureAwait(false);
        }

        _helloFrame = frame.ToArray();
        _handshake = Handshake.Challenge;
        return null;
    }

    private async ValueTask<SessionEnd?> OnChallengeAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        if (_handshake != Handshake.Challenge)
        {
            // One that nobody waits for is an engine's mistake that harms nobody, unless a proof was already given.
            return _handshake != Handshake.Proof ? null : throw new SessionProtocolException("the engine sent a second challenge.");
        }

        if (!SessionFrames.TryRead<ChallengeMessage>(frame, out _))
        {
            throw new SessionProtocolException("the engine's challenge makes no sense.");
        }

        var nonce = SessionProof.DrawNonce();
        var proof = SessionProof.OfHost(_context.Key!, _helloFrame, frame.Span, in nonce, _context.IsAccepting);
        _expectedProof = SessionProof.OfEngine(_context.Key!, _helloFrame, frame.Span, in nonce, _context.IsAccepting);
        _handshake = Handshake.Proof;
        await SendAsync(SessionFrames.Proof(in nonce, in proof), cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<SessionEnd?> OnProofAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        if (_handshake != Handshake.Proof)
        {
            return null;
        }

        if (!SessionFrames.TryRead<ProofMessage>(frame, out var proof) || !SessionProof.Matches(in _expectedProof, in proof.Mac))
        {
            return await RefuseAsync(
                GoodbyeCode.Unauthorized, "the proof does not fit.", $"the engine could not prove that it has the key. {KeyAdvice()}", cancellationToken).ConfigureAwait(false);
        }

        return await OnKnownAsync(cancellationToken).ConfigureAwait(false);
    }

    // The engine is who it says; from here on the session may touch what outlives it.
    private async ValueTask<SessionEnd?> OnKnownAsync(CancellationToken cancellationToken)
    {
        _handshake = Handshake.Done;
        var refusal = Admit is null ? null : await Admit(cancellationToken).ConfigureAwait(false);
        if (refusal is null)
        {
            _assembler.Allow(_context.MaxFrameBytes);
            _context.Monitor.OnHello(in _hello, _engineName);
            refusal = Refusal(in _hello);
        }

        return refusal is not null
            ? await RefuseAsync(GoodbyeCode.Refused, refusal, refusal, cancellationToken).ConfigureAwait(false)
            : await SubscribeAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<SessionEnd?> SubscribeAsync(CancellationToken cancellationToken)
    {
        var (session, progress) = (_hello.SessionId, _context.Progress);
        Volatile.Write(ref _sessionId, session);
        var first = Math.Max(1, _hello.FirstRetainedSequence);

        // All of a session is wanted, also of one met late: what its engine gave away before belongs into the ledger as well.
        var known = progress.WantedOf(session);
        var wanted = known ?? 1;
        wanted = _context.Gaps.BehindFinal(_context.SourceId, session, wanted);
        if (wanted > _hello.NextSequence)
        {
            throw new SessionProtocolException(
                $"the engine says that record {_hello.NextSequence} of session {session:x16} comes next, but {wanted - 1} was already received.");
        }

        if (wanted < first && first - wanted > MaxToldJump)
        {
            // Before anything is written down: one wrong number would stand in the ledger, the journal and the sums for ever.
            throw new SessionProtocolException(
                $"the engine retains records of session {session:x16} from {first} only, and record {wanted} is wanted: more than {MaxToldJump} would be lost at once. "
                + "If these are the engine's real numbers, start it again, so that a new session counts from 1.");
        }

        TakeOver(session, wanted, first);
        progress.ToldNext = Math.Max(progress.ToldNext, _hello.NextSequence);
        if (progress.EndedSessionId == session && wanted == _hello.NextSequence && (progress.Holes.IsEmpty || !_replays.IsEnabled))
        {
            return new SessionEnd(SessionEndKind.EndOfStream, "the engine has nothing new since it said goodbye.");
        }

        if (wanted < first)
        {
            AddFinal(
                wanted,
                first - 1,
                GapCause.NotRetained,
                known is null ? $"the engine had them before this host met its session, and retains records from {first} only." : $"the engine retains records from {first} only.");
        }

        var from = Math.Max(wanted, first);
        progress.Advance(session, from);
        _assembler.Expect(session, from);
        var beats = _context.HeartbeatInterval;
        var subscribe = SessionFrames.Subscribe(session, from, (uint)beats.TotalMilliseconds);

        // In one piece: an engine that has nothing else to send may otherwise say goodbye before it is asked, and must know from the start that
        // this host has a journal: taking everything is then not yet keeping it.
        var request = _replays.FirstRequest(from) ?? [];
        ulong? durable = _context.DurableOf?.Invoke(session) is { } has ? Math.Min(has, progress.Acks.Limit) : null;
        var ack = durable is { } sequence ? SessionFrames.Ack(session, sequence) : [];
        await SendAsync((byte[])[.. subscribe, .. ack, .. request], cancellationToken).ConfigureAwait(false);
        if (durable is { } said)
        {
            _outbox.NoteAcknowledged(session, said);
        }

        if (beats > TimeSpan.Zero && !_replays.IsCapture)
        {
            _outbox.StartHeartbeats(beats);
        }

        Subscribed?.Invoke(this, _hello, _engineName, from);
        return null;
    }

    // Makes this the source's session: what of another one was open is lost, what of this one was open before a restart is missing still.
    private void TakeOver(ulong session, ulong wanted, ulong firstRetained)
    {
        var progress = _context.Progress;
        if (progress.SessionId != session)
        {
            var (replaced, next, told) = (progress.FollowedSessionId, progress.WantedOf(progress.FollowedSessionId), progress.ToldNext);
            progress.Advance(session, wanted);
            _context.Gaps.Follow(_context.SourceId, session);
            if (replaced != session && next is { } unknown)
            {
                Replace(replaced, _context.Gaps.BehindFinal(_context.SourceId, replaced, unknown), told);
            }

            foreach (var (first, last) in _context.Gaps.GetOpen(_context.SourceId, session))
            {
                if (_replays.Add(first, last) is { } why)
                {
                    _context.Gaps.Resolve(_context.SourceId, session, [(first, last)], GapState.Final, null, why);
                }
            }
        }

        if (progress.Holes.Remove(0, firstRetained - 1) is { Count: > 0 } gone)
        {
            _context.Gaps.Resolve(
                _context.SourceId, session, gone, GapState.Final, GapCause.NotRetained, $"they may have been had, but the engine retains records from {firstRetained} only.");
        }

        _replays.Begin(session, _hello.Flags.HasFlag(StreamFlags.Replays));
    }

    // What the session that is gone sent last, if it did not say that it was all, nobody can know.
    private void Replace(ulong session, ulong next, ulong toldNext)
    {
        var progress = _context.Progress;
        var gone = new CoverageGap(_context.Name, session, next, next, default, GapState.Final, "") { FirstSlot = progress.LastSlot, AfterLsn = progress.LastLsn };

        // An engine's number that is absurd is no knowledge.
        foreach (var gap in _context.Gaps.Replace(gone, toldNext > next && toldNext - next < MaxToldJump ? toldNext : 0))
        {
            _context.Monitor.OnGap(gap.State, gap.Cause);
            _isBounded = false;
        }
    }

    private async ValueTask<SessionEnd?> RefuseAsync(GoodbyeCode code, string told, string reason, CancellationToken cancellationToken)
    {
        await SendAsync(SessionFrames.Goodbye(code, told, 0, 0), cancellationToken).ConfigureAwait(false);
        return new SessionEnd(SessionEndKind.Refused, reason);
    }

    private string? Refusal(in HelloMessage hello)
    {
        var simulated = hello.Flags.HasFlag(StreamFlags.Simulated);
        return _context.ExpectSimulated is not { } expected || expected == simulated ? null
            : simulated ? "the stream carries simulated records, this host expects real ones."
            : "the stream carries real records, this host expects simulated ones.";
    }

    private string KeyAdvice() => $"Compare {_context.KeySetting} with the keys of the engine.";
}
