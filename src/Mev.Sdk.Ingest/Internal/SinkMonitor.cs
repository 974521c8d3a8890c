using Mev.Sdk.Ingest.Diagnostics;

namespace Mev.Sdk.Ingest.Internal;

/// <summary>Measures the time that the sequencer waits for one sink: two clock readings a batch.</summary>
/// <remarks>Written under the sequencer's gate; read from anywhere, a batch old at most.</remarks>
internal sealed class SinkMonitor(string name, TimeProvider time)
{
    private const int WindowSeconds = 10;

    // One more second than the window, for the one that is being filled.
    private readonly long[] _seconds = new long[WindowSeconds + 1];
    private readonly long[] _ticks = new long[WindowSeconds + 1];
    private readonly KeyValuePair<string, object?> _tag = new("sink", name);
    private long _startedAt = long.MinValue;
    private long _batches;
    private long _records;
    private long _busy;

    /// <summary>The sink is called.</summary>
    public void Begin() => Volatile.Write(ref _startedAt, time.GetTimestamp());

    /// <summary>The sink took the batch, or failed on it.</summary>
    public void End(int records)
    {
        var (from, to) = (_startedAt, time.GetTimestamp());
        Volatile.Write(ref _startedAt, long.MinValue);
        Volatile.Write(ref _batches, _batches + 1);
        Volatile.Write(ref _records, _records + records);
        Volatile.Write(ref _busy, _busy + (to - from));
        if (IngestMetrics.SinkDuration.Enabled)
        {
            IngestMetrics.SinkDuration.Record((double)(to - from) / time.TimestampFrequency, _tag);
        }

        Spread(from, to);
    }

    public SinkSnapshot GetSnapshot()
    {
        var (now, started, frequency) = (time.GetTimestamp(), Volatile.Read(ref _startedAt), time.TimestampFrequency);
        var waiting = started == long.MinValue ? 0 : Math.Max(0, now - started);

        // Ten whole seconds and what has passed of this one.
        var window = (WindowSeconds * frequency) + (now % frequency);
        var busy = Math.Min(waiting, window);
        for (var i = 0; i < _seconds.Length; i++)
        {
            var second = Volatile.Read(ref _seconds[i]);
            if (second >= (now / frequency) - WindowSeconds && second <= now / frequency)
            {
                busy += Volatile.Read(ref _ticks[i]);
            }
        }

        return new SinkSnapshot(
            name,
            Volatile.Read(ref _batches),
            Volatile.Read(ref _records),
            Elapsed(Volatile.Read(ref _busy)),
            Math.Clamp((double)busy / window, 0, 1),
            Elapsed(waiting));
    }

    private TimeSpan Elapsed(long ticks) => TimeSpan.FromSeconds((double)ticks / time.TimestampFrequency);

    // A batch that took long belongs to every second it touched, the last ten at most.
    private void Spread(long from, long to)
    {
        var frequency = time.TimestampFrequency;
        from = Math.Max(from, to - (WindowSeconds * frequency));
        while (true)
        {
            var second = from / frequency;
            var end = Math.Min(to, (second + 1) * frequency);
            var slot = (int)(second % _seconds.Length);
            if (_seconds[slot] != second)
            {
                Volatile.Write(ref _ticks[slot], 0);
                Volatile.Write(ref _seconds[slot], second);
            }

            Volatile.Write(ref _ticks[slot], _ticks[slot] + (end - from));
            if (end == to)
            {
                return;
            }

            from = end;
        }
    }
}
