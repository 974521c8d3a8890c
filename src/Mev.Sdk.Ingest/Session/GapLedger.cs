using System.Globalization;
using System.Text;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Session;

/// <summary>Writes down every range of records that was not seen: in memory, and as <see cref="GapRecord"/>s for the journal.</summary>
/// <remarks>Thread-safe. Memory holds the newest <see cref="MaxGaps"/>; <see cref="GapCount"/> counts all, the journal keeps all.</remarks>
/// <param name="appender">The lane into the journal; null keeps gaps in memory only.</param>
/// <param name="timeProvider">The clock of <see cref="CoverageGap.DetectedAt"/>; the system's by default.</param>
/// <param name="logger">Where gaps are reported.</param>
public sealed class GapLedger(IRecordAppender? appender = null, TimeProvider? timeProvider = null, ILogger<GapLedger>? logger = null) : ICoverage
{
    /// <summary>Gaps kept in memory.</summary>
    public const int MaxGaps = 65_536;

    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly ILogger _logger = logger ?? NullLogger<GapLedger>.Instance;
    private readonly Lock _gate = new();
    private readonly Queue<CoverageGap> _gaps = new();
    private readonly Queue<CoverageGap> _unwritten = new();
    private readonly Dictionary<uint, string> _names = [];
    private long _count;
    private bool _stalled;

    /// <inheritdoc/>
    public long GapCount => Interlocked.Read(ref _count);

    /// <inheritdoc/>
    public IReadOnlyList<CoverageGap> GetGaps()
    {
        lock (_gate)
        {
            return [.. _gaps];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<CoverageGap> GetGapsOfSlots(ulong firstSlot, ulong lastSlot)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lastSlot, firstSlot);
        return Find(gap => gap.FirstSlot <= lastSlot && (gap.LastSlot == 0 || gap.LastSlot >= firstSlot));
    }

    /// <inheritdoc/>
    public IReadOnlyList<CoverageGap> GetGapsOfLsns(Lsn first, Lsn last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        return Find(gap => gap.AfterLsn < last && (gap.BeforeLsn == Lsn.None || gap.BeforeLsn > first));
    }

    /// <summary>Makes a source's name known, so that restored gaps can be told by it.</summary>
    /// <param name="sourceName">The configured name.</param>
    public void Register(string sourceName)
    {
        lock (_gate)
        {
            _names[SourceIds.FromName(sourceName)] = sourceName;
        }
    }

    /// <summary>Writes a gap down.</summary>
    /// <param name="sourceName">The source's configured name.</param>
    /// <param name="sessionId">The engine's session.</param>
    /// <param name="firstSequence">First missing sequence.</param>
    /// <param name="lastSequence">Last missing sequence, not before the first.</param>
    /// <param name="state">Whether the records may yet be had.</param>
    /// <param name="reason">Why, in words.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public void Add(string sourceName, ulong sessionId, ulong firstSequence, ulong lastSequence, GapState state, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sourceName);
        ArgumentOutOfRangeException.ThrowIfLessThan(lastSequence, firstSequence);
        Log.GapDetected(_logger, sourceName, sessionId, firstSequence, lastSequence, reason);
        lock (_gate)
        {
            var gap = new CoverageGap(sourceName, sessionId, firstSequence, lastSequence, _time.GetUtcNow(), state, reason);
            Keep(gap);
            if (appender is not null)
            {
                _unwritten.Enqueue(gap);
            }
        }

        WritePending();
    }

    /// <summary>Takes a gap that the journal remembers; gaps fed twice count twice.</summary>
    /// <param name="record">Any record; others than gaps are ignored.</param>
    /// <returns>Whether it was a gap.</returns>
    public bool Restore(in RecordView record)
    {
        if (!GapView.TryRead(in record, out var view))
        {
            return false;
        }

        ref readonly var block = ref view.Record;
        lock (_gate)
        {
            var name = _names.GetValueOrDefault(block.SourceId) ?? string.Create(CultureInfo.InvariantCulture, $"source {block.SourceId:x8}");
            // A damaged time must not make restoring fail: ticks of 100 ns fit any u64 of nanoseconds.
            var detected = DateTimeOffset.UnixEpoch.AddTicks((long)(block.DetectedNanoseconds / 100));
            Keep(new CoverageGap(name, block.SessionId, block.FirstSequence, block.LastSequence, detected, block.State, Encoding.UTF8.GetString(view.Reason)));
        }

        return true;
    }

    // Gaps that met a full lane are tried again whenever a session makes progress: late in the journal is better than never.
    internal void WritePending()
    {
        lock (_gate)
        {
            while (_unwritten.TryPeek(out var gap))
            {
                if (!TryWrite(gap))
                {
                    if (!_stalled)
                    {
                        Log.GapNotJournaled(_logger, _unwritten.Count);
                    }

                    _stalled = true;
                    return;
                }

                _unwritten.Dequeue();
                _stalled = false;
            }
        }
    }

    private bool TryWrite(CoverageGap gap)
    {
        var reason = Encoding.UTF8.GetBytes(gap.Reason);
        var frame = new byte[GapView.GetFrameLength(reason.Length)];
        var nanoseconds = (ulong)(gap.DetectedAt - DateTimeOffset.UnixEpoch).Ticks * 100;
        var record = new GapRecord
        {
            SessionId = gap.SessionId,
            FirstSequence = gap.FirstSequence,
            LastSequence = gap.LastSequence,
            DetectedNanoseconds = nanoseconds,
            SourceId = SourceIds.FromName(gap.SourceName),
            State = gap.State,
        };
        GapView.Write(frame, nanoseconds, in record, reason);
        return appender!.TryAppend(frame);
    }

    private CoverageGap[] Find(Func<CoverageGap, bool> touches)
    {
        lock (_gate)
        {
            return [.. _gaps.Where(gap => gap.State != GapState.Healed && touches(gap))];
        }
    }

    private void Keep(CoverageGap gap)
    {
        _count++;
        _gaps.Enqueue(gap);
        if (_gaps.Count > MaxGaps)
        {
            _gaps.Dequeue();
        }
    }
}
