using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Session;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Publishing;

internal sealed partial class Subscriber
{
    // A host that does not read its answers is no host.
    private const int MaxReplies = 1_024;

    private readonly Queue<byte[]> _replies = new();
    private readonly TaskCompletionSource<ulong> _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The newest heartbeat of the host that has no answer yet; an older one tells it nothing more. Under the gate.
    private (ulong Sent, ulong Received)? _echo;

    // Whether reading ended with the connection's bytes and not with what they say. Read when the reading task is over.
    private bool _hasClosed;

    private async Task ReadAsync(PipeReader reader, SilenceWatch watch)
    {
        var cursor = new FrameCursor(MaxFrameBytes);
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                var buffer = result.Buffer;
                cursor.Begin(in buffer);
                var goesOn = TakeAll(cursor);
                cursor.ReleaseCopies();
                reader.AdvanceTo(cursor.Consumed, buffer.End);
                if (!goesOn || result.IsCompleted)
                {
                    _hasClosed = goesOn;
                    break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
            _subscribed.TrySetCanceled();
            watch.Cancel();
        }
    }

    private bool TakeAll(FrameCursor cursor)
    {
        while (true)
        {
            var status = cursor.TryNext(out var frame);
            if (status == FrameStatus.Malformed)
            {
                _leftBecause = cursor.ToException().Message;
                return false;
            }

            if (status == FrameStatus.NeedMoreData)
            {
                return true;
            }

            if (!Take(frame, cursor))
            {
                return false;
            }
        }
    }

    private bool Take(ReadOnlyMemory<byte> frame, FrameCursor cursor)
    {
        ref readonly var header = ref MemoryMarshal.AsRef<FrameHeader>(frame.Span);
        if (!IsKnown && header.TemplateId != TemplateIds.Goodbye)
        {
            CheckProof(frame);
            return true;
        }

        switch (header.TemplateId)
        {
            case TemplateIds.Subscribe when SessionFrames.TryRead<SubscribeMessage>(frame, out var subscribe):
                if (subscribe.SessionId != hello.SessionId || !_subscribed.TrySetResult(subscribe.FromSequence))
                {
                    _leftBecause = $"it subscribed twice, or to session {subscribe.SessionId:x16} instead of {hello.SessionId:x16}.";
                    return false;
                }

                ExpectHeartbeats(subscribe.HeartbeatMilliseconds);
                cursor.Allow(Math.Max(MaxFrameBytes, state.Control.MaxFrameBytes));
                break;
            case TemplateIds.ReplayRequest when SessionFrames.TryRead<ReplayRequestMessage>(frame, out var request):
                return TakeRequest(in request);
            case TemplateIds.Heartbeat:
                Echo(header.EngineTimeNanoseconds);
                break;
            case TemplateIds.Ack when SessionFrames.TryRead<AckMessage>(frame, out var ack):
                OnAck(in ack);
                break;
            case TemplateIds.Goodbye when SessionFrames.TryRead<GoodbyeMessage>(frame, out var goodbye, out var reason):
                _leftBecause = $"it said goodbye ({goodbye.Code}): {reason}";
                return false;
            case TemplateIds.ParameterUpdate or TemplateIds.OpportunityScores when _subscribed.Task.IsCompletedSuccessfully:
                if (state.Control.OnFrame(frame, _peer) is { } reply && !TryReply(reply))
                {
                    _leftBecause = $"it reads none of its {MaxReplies} answers.";
                    return false;
                }

                break;
            default:
                // Messages of a later version are skipped.
                break;
        }

        return true;
    }

    // A host that promises none may be silent for ever: then only its connection tells whether it lives.
    private void ExpectHeartbeats(uint milliseconds)
    {
        if (milliseconds > 0 && Volatile.Read(ref _watch) is { } watch)
        {
            watch.Tolerance = TimeSpan.FromMilliseconds(3.0 * Math.Clamp(milliseconds, 10, 3_600_000));
        }
    }

    private bool TryReply(byte[] frame)
    {
        lock (state.Gate)
        {
            if (_replies.Count >= MaxReplies)
            {
                return false;
            }

            _replies.Enqueue(frame);
            state.Changed.Pulse();
            return true;
        }
    }

    private void OnAck(in AckMessage ack)
    {
        lock (state.Gate)
        {
            // What was never published cannot be durable. It may have been sent by an earlier connection, so that is not asked. The first one counts
            // also with 0: so says a host with a journal that has nothing of this session yet. Said again it is no progress.
            if (ack.SessionId == hello.SessionId && (ack.DurableSequence > Acknowledged || !Acknowledges) && ack.DurableSequence < state.Ring.NextSequence)
            {
                Acknowledges = true;
                Acknowledged = ack.DurableSequence;
                if (IsSubscribed || Acknowledged != 0)
                {
                    state.NoteDurable(Acknowledged);
                }

                _heldSince = 0;
                state.Moved.Pulse();
            }
        }
    }

    private void Echo(ulong sent)
    {
        var received = Now();
        lock (state.Gate)
        {
            if (sent != 0 && _subscribed.Task.IsCompletedSuccessfully)
            {
                _echo = (sent, received);
                state.Changed.Pulse();
            }
        }
    }
}
