using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Publishing;

internal sealed partial class Subscriber
{
    // A host asks for one range at a time; a few may cross on the way.
    private const int MaxRequests = 4;
    private const ulong MaxRequestRecords = 65_536;

    // Between two pieces of a replay new records get their turn.
    private const int ReplayBytes = 64 << 10;

    // All of it under the gate.
    private readonly Queue<(ulong First, ulong Last)> _requests = new();
    private ulong _replayNext;
    private ulong _replayLast;
    private bool _isReplayTurn;

    private bool IsReplaying => _replayNext != 0 || _requests.Count > 0;

    private bool TakeRequest(in ReplayRequestMessage request)
    {
        lock (state.Gate)
        {
            if (!_subscribed.Task.IsCompletedSuccessfully
                || request.SessionId != hello.SessionId
                || request.FirstSequence == 0
                || request.LastSequence < request.FirstSequence
                || request.LastSequence - request.FirstSequence >= MaxRequestRecords
                || request.LastSequence >= state.Ring.NextSequence)
            {
                _leftBecause = $"it asked for records {request.FirstSequence} to {request.LastSequence} of session {request.SessionId:x16}, which nobody may ask for.";
                return false;
            }

            if (_requests.Count == MaxRequests)
            {
                _leftBecause = $"it asked for a range while {MaxRequests} were waiting.";
                return false;
            }

            _requests.Enqueue((request.FirstSequence, request.LastSequence));
            state.Changed.Pulse();
            return true;
        }
    }

    /// <summary>The next piece of a replay, when there is one and it is its turn. Under the gate.</summary>
    private SendStep? NextReplay()
    {
        if (_replayNext == 0 && _requests.TryDequeue(out var request))
        {
            (_replayNext, _replayLast) = request;
        }

        if (_replayNext == 0 || (_next < state.Ring.NextSequence && !_isReplayTurn))
        {
            return null;
        }

        _isReplayTurn = false;
        var first = state.Ring.FirstSequence;
        if (_replayNext < first)
        {
            var (from, to) = (_replayNext, Math.Min(_replayLast, first - 1));
            MoveReplay(to + 1);
            return new SendStep(SendKind.Reply, Memory: SessionFrames.GapNotice(hello.SessionId, from, to, GapCause.NotRetained, _next - 1, Now()));
        }

        // Both ends were published when they were asked for, and what is not evicted is still there.
        var (segment, offset) = state.Ring.Locate(_replayNext)!.Value;
        var (bytes, next) = RetentionRing.Measure(segment, offset, _replayNext, _replayLast, ReplayBytes);
        segment.Leases++;
        MoveReplay(next);
        return new SendStep(SendKind.Records, segment, segment.Buffer.AsMemory(offset, bytes), next, IsReplay: true);
    }

    private void MoveReplay(ulong next) => _replayNext = next > _replayLast ? 0 : next;
}
