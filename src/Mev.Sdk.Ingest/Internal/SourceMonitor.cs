using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Internal;

/// <summary>One source's state and counters, written by its session and read by snapshots; also feeds the meter.</summary>
internal sealed class SourceMonitor(string name, string endpoint, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly KeyValuePair<string, object?> _tag = new("source", name);
    private SourceState _state;
    private DateTimeOffset _since = time.GetUtcNow();
    private string _reason = "";
    private string _engineName = "";
    private ulong _sessionId;
    private StreamFlags _flags;
    private long _frames;
    private long _bytes;
    private ulong _lastSequence;
    private ulong _acknowledged;
    private double? _lagMilliseconds;
    private double? _lagCorrectedMilliseconds;
    private double? _roundTripMilliseconds;
    private double? _clockOffsetMilliseconds;
    private long _replayed;
    private DateTimeOffset? _lastHeardAt;
    private long _gaps;
    private long _duplicates;
    private long _checksumFailures;
    private long _malformed;
    private long _reconnects;
    private long _straddles;

    public void SetState(SourceState state, string reason)
    {
        lock (_gate)
        {
            if (_state != state)
            {
                _since = time.GetUtcNow();
            }

            _state = state;
            _reason = reason;
        }
    }

    public void OnHello(in HelloMessage hello, string engineName)
    {
        lock (_gate)
        {
            if (_sessionId != hello.SessionId)
            {
                _lastSequence = 0;
                _acknowledged = 0;
                _clockOffsetMilliseconds = _roundTripMilliseconds = _lagCorrectedMilliseconds = null;
            }

            _sessionId = hello.SessionId;
            _flags = hello.Flags;
            _engineName = engineName;
        }
    }

    public void OnBatch(int frames, long bytes, ulong lastSequence, ulong engineTimeNanoseconds)
    {
        double? lag = null;
        double? corrected = null;
        if (engineTimeNanoseconds != 0)
        {
            var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100.0;
            lag = (now - engineTimeNanoseconds) / 1e6;
            IngestMetrics.Lag.Record(lag.Value / 1e3, _tag);
        }

        IngestMetrics.Frames.Add(frames, _tag);
        IngestMetrics.Bytes.Add(bytes, _tag);
        lock (_gate)
        {
            _frames += frames;
            _bytes += bytes;
            _lastSequence = lastSequence;
            _lagMilliseconds = lag ?? _lagMilliseconds;
            if (lag + _clockOffsetMilliseconds is { } right)
            {
                _lagCorrectedMilliseconds = corrected = right;
            }
        }

        if (corrected is { } oneWay)
        {
            IngestMetrics.LagCorrected.Record(oneWay / 1e3, _tag);
        }
    }

    /// <summary>Records came that had been asked for again. Their times say nothing about the lag.</summary>
    public void OnReplayed(int frames, long bytes)
    {
        IngestMetrics.Frames.Add(frames, _tag);
        IngestMetrics.Bytes.Add(bytes, _tag);
        IngestMetrics.Replayed.Add(frames, _tag);
        lock (_gate)
        {
            _frames += frames;
            _bytes += bytes;
            _replayed += frames;
        }
    }

    /// <summary>There is a new estimate of the engine's clock, nanoseconds.</summary>
    public void OnClock(long roundTrip, long offset)
    {
        IngestMetrics.RoundTrip.Record(roundTrip / 1e9, _tag);
        lock (_gate)
        {
            _roundTripMilliseconds = roundTrip / 1e6;
            _clockOffsetMilliseconds = offset / 1e6;
        }
    }

    public void OnAcknowledged(ulong sequence)
    {
        lock (_gate)
        {
            _acknowledged = sequence;
        }
    }

    public void OnHeard()
    {
        lock (_gate)
        {
            _lastHeardAt = time.GetUtcNow();
        }
    }

    public void OnGap(GapState state, GapCause cause)
    {
        Interlocked.Increment(ref _gaps);
        IngestMetrics.Gaps.Add(1, _tag, new("cause", IngestMetrics.Tag(cause)), new("state", IngestMetrics.Tag(state)));
    }

    public void OnDuplicates(long count) => Count(ref _duplicates, IngestMetrics.Duplicates, count);

    public void OnStraddles(long count) => Count(ref _straddles, IngestMetrics.Straddles, count);

    public void OnReconnect() => Count(ref _reconnects, IngestMetrics.Reconnects, 1);

    public void OnMalformed(FrameError error)
    {
        Count(ref _malformed, IngestMetrics.MalformedFrames, 1);
        if (error == FrameError.ChecksumMismatch)
        {
            Count(ref _checksumFailures, IngestMetrics.ChecksumFailures, 1);
        }
    }

    public SourceSnapshot GetSnapshot()
    {
        lock (_gate)
        {
            return new SourceSnapshot
            {
                Name = name,
                Endpoint = endpoint,
                State = _state,
                Since = _since,
                Reason = _reason,
                EngineName = _engineName,
                SessionId = _sessionId,
                Flags = _flags,
                Frames = _frames,
                Bytes = _bytes,
                LastSequence = _lastSequence,
                AcknowledgedSequence = _acknowledged,
                LagMilliseconds = _lagMilliseconds,
                LagCorrectedMilliseconds = _lagCorrectedMilliseconds,
                RoundTripMilliseconds = _roundTripMilliseconds,
                ClockOffsetMilliseconds = _clockOffsetMilliseconds,
                Replayed = _replayed,
                LastHeardAt = _lastHeardAt,
                Gaps = Volatile.Read(ref _gaps),
                Duplicates = Volatile.Read(ref _duplicates),
                ChecksumFailures = Volatile.Read(ref _checksumFailures),
                MalformedFrames = Volatile.Read(ref _malformed),
                Reconnects = Volatile.Read(ref _reconnects),
                Straddles = Volatile.Read(ref _straddles),
            };
        }
    }

    private void Count(ref long field, System.Diagnostics.Metrics.Counter<long> counter, long count)
    {
        if (count > 0)
        {
            Interlocked.Add(ref field, count);
            counter.Add(count, _tag);
        }
    }
}
