using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Ingest.Sequencing;
using Mev.Sdk.Ingest.Views;

namespace Mev.Sdk.Ingest;

/// <summary>Collects what the intake does, for dashboards and health checks.</summary>
/// <remarks>Thread-safe. A snapshot costs a few allocations; counters inside one snapshot may be a batch apart.</remarks>
/// <param name="timeProvider">The clock of <see cref="SourceSnapshot.Since"/>; the system's by default.</param>
public sealed class IngestMonitor(TimeProvider? timeProvider = null)
{
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly List<SourceMonitor> _sources = [];
    private readonly List<ViewSink> _views = [];
    private SinkMonitor[] _sinks = [];
    private SystemLane? _lane;
    private ulong _lastLsn;
    private long _records;
    private long _ownRecords;
    private long _ownRejected;
    private string? _failure;

    /// <summary>Looks at everything at once.</summary>
    /// <returns>A snapshot that does not change.</returns>
    public IngestSnapshot GetSnapshot()
    {
        SourceSnapshot[] sources;
        SinkMonitor[] sinks;
        ViewSink[] views;
        lock (_gate)
        {
            sources = [.. _sources.Select(source => source.GetSnapshot())];
            sinks = _sinks;
            views = [.. _views];
        }

        return new IngestSnapshot(
            sources,
            new Lsn(Volatile.Read(ref _lastLsn)),
            Volatile.Read(ref _records),
            Volatile.Read(ref _ownRecords),
            Volatile.Read(ref _ownRejected),
            Volatile.Read(ref _failure))
        {
            Sinks = [.. sinks.Select(sink => sink.GetSnapshot())],
            Views = [.. views.Select(view => view.GetSnapshot())],
            OwnRecordsWaiting = Volatile.Read(ref _lane)?.Count ?? 0,
        };
    }

    internal void Add(SinkMonitor[] sinks)
    {
        lock (_gate)
        {
            _sinks = sinks;
        }
    }

    internal void Add(ViewSink view)
    {
        lock (_gate)
        {
            _views.Add(view);
        }
    }

    internal void Add(SystemLane lane) => Volatile.Write(ref _lane, lane);

    /// <summary>Adds a source of another kind than an engine's stream; it shows in every snapshot from now on.</summary>
    /// <param name="name">Its configured name.</param>
    /// <param name="endpoint">Where its records come from, in words without secrets.</param>
    /// <returns>What the source tells about itself goes there.</returns>
    public SourceWatch AddSource(string name, string endpoint) => new(Add(name, endpoint));

    internal SourceMonitor Add(string name, string endpoint)
    {
        var source = new SourceMonitor(name, endpoint, _time);
        lock (_gate)
        {
            _sources.Add(source);
        }

        return source;
    }

    // Called under the sequencer's gate.
    internal void OnSequenced(Lsn last, int records, bool own)
    {
        Volatile.Write(ref _lastLsn, last.Value);
        Volatile.Write(ref _records, _records + records);
        if (own)
        {
            Volatile.Write(ref _ownRecords, _ownRecords + records);
        }
    }

    internal void OnOwnRejected() => Interlocked.Increment(ref _ownRejected);

    internal void OnFailure(string reason) => Volatile.Write(ref _failure, reason);
}
