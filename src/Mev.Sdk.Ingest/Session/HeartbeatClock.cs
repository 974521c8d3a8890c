using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Session;

/// <summary>Knows which heartbeats this connection sent, and makes an estimate of the engine's clock from those that it answered. Thread-safe.</summary>
internal sealed class HeartbeatClock(SourceMonitor monitor)
{
    // An answer to an older one says nothing new.
    private const int Remembered = 8;

    private readonly Lock _gate = new();
    private readonly Queue<ulong> _sent = new();
    private readonly ClockEstimator _estimator = new();

    public void OnSent(ulong time)
    {
        lock (_gate)
        {
            if (_sent.Count == Remembered)
            {
                _sent.Dequeue();
            }

            _sent.Enqueue(time);
        }
    }

    /// <summary>Takes an answer; one to a heartbeat that was never sent, or was answered before, is ignored.</summary>
    public void OnAnswered(in HeartbeatMessage answer, ulong answeredAt, ulong arrivedAt)
    {
        lock (_gate)
        {
            if (!_sent.Contains(answer.EchoNanoseconds))
            {
                return;
            }

            while (_sent.Dequeue() != answer.EchoNanoseconds)
            {
                // Older ones were overtaken.
            }

            if (_estimator.Add(answer.EchoNanoseconds, answer.EchoReceivedNanoseconds, answeredAt, arrivedAt))
            {
                monitor.OnClock(_estimator.RoundTripNanoseconds!.Value, _estimator.OffsetNanoseconds!.Value);
            }
        }
    }
}
