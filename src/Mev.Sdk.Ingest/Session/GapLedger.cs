using System.Globalization;
using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mev.Sdk.Ingest.Session;

/// <summary>Writes down every range of records that was not seen, and what became of it: in memory, and as <see cref="GapRecord"/>s for the journal.</summary>
/// <remarks>Thread-safe. Memory holds <see cref="MaxGaps"/>; when there are more, healed ones are forgotten and old neighbours become one entry
/// (<see cref="CoverageGap.IsExact"/>). <see cref="GapCount"/> counts all, and <see cref="GetTotals"/> sums what is missing.</remarks>
public sealed partial class GapLedger : ICoverage
{
    /// <summary>Gaps kept in memory.</summary>
    public const int MaxGaps = 65_536;

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly GapLog _log;
    private readonly GapJournal? _journal;
    private readonly Lock _gate = new();
    private readonly Dictionary<(uint SourceId, ulong SessionId), SessionGaps> _sessions = [];
    private readonly Dictionary<uint, string> _names = [];
    private long _count;
    private long _kept;
    private long _openCount;
    private long _droppedReported;
    private bool _stalled;

    /// <summary>Creates a ledger without gaps.</summary>
    /// <param name="appender">The lane into the journal; null keeps gaps in memory only.</param>
    /// <param name="timeProvider">The clock of <see cref="CoverageGap.DetectedAt"/>; the system's by default.</param>
    /// <param name="logger">Where gaps are reported, ten a second at most.</param>
    public GapLedger(IRecordAppender? appender = null, TimeProvider? timeProvider = null, ILogger<GapLedger>? logger = null)
    {
        _time = timeProvider ?? TimeProvider.System;
        _logger = logger ?? NullLogger<GapLedger>.Instance;
        _log = new GapLog(_logger, _time);
        _journal = appender is null ? null : new GapJournal(appender, _time);
        Tracked<GapLedger>.Add(this);
    }

    /// <inheritdoc/>
    public long GapCount => Interlocked.Read(ref _count);

    /// <summary>Gaps whose records may yet come.</summary>
    public long OpenCount => Interlocked.Read(ref _openCount);

    /// <inheritdoc/>
    public IReadOnlyList<CoverageGap> GetGaps() => Find(static _ => true);

    /// <inheritdoc/>
    public IReadOnlyList<CoverageGap> GetGapsOfSlots(ulong firstSlot, ulong lastSlot)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lastSlot, firstSlot);
        return Find(gap => gap.State != GapState.Healed && gap.FirstSlot <= lastSlot && (gap.LastSlot == 0 || gap.LastSlot >= firstSlot));
    }

    /// <inheritdoc/>
    public IReadOnlyList<CoverageGap> GetGapsOfLsns(Lsn first, Lsn last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        return Find(gap => gap.State != GapState.Healed && gap.AfterLsn < last && (gap.BeforeLsn == Lsn.None || gap.BeforeLsn > first));
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
    /// <param name="lastSequence">Last missing sequence, not before the first; <see cref="CoverageGap.UnknownEnd"/> when nobody knows.</param>
    /// <param name="state">Whether the records may yet be had.</param>
    /// <param name="reason">Why, in words.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty.</exception>
    public void Add(string sourceName, ulong sessionId, ulong firstSequence, ulong lastSequence, GapState state, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sourceName);
        ArgumentOutOfRangeException.ThrowIfLessThan(lastSequence, firstSequence);
        Add(new CoverageGap(sourceName, sessionId, firstSequence, lastSequence, _time.GetUtcNow(), state, reason));
    }

    /// <summary>Writes a gap down with all that is known of it; when it was noticed and how many records it misses are filled in.</summary>
    internal void Add(CoverageGap gap)
    {
        var sourceId = SourceIds.FromName(gap.SourceName);
        gap = gap with { DetectedAt = _time.GetUtcNow(), MissingRecords = gap.IsOpenEnded ? 0 : SessionGaps.Width(gap.FirstSequence, gap.LastSequence) };
        _log.Detected(gap);
        lock (_gate)
        {
            _names[sourceId] = gap.SourceName;
            NoteLoss(gap);
            if (gap.IsOpenEnded)
            {
                AddEnd(sourceId, gap);
                return;
            }

            // All of it, not its new parts: joined with others those would stand for a wider range that says nothing exact.
            if (Put(sourceId, gap, static _ => true).Count > 0)
            {
                _journal?.Add(sourceId, gap);
            }
        }

        WritePending();
    }

    /// <summary>The records of open gaps came, or will never come.</summary>
    /// <param name="sourceId">The source.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="ranges">What is known now; parts that are not open stay as they are.</param>
    /// <param name="state">Healed or final.</param>
    /// <param name="cause">Why they were missing; null keeps the cause.</param>
    /// <param name="reason">Why, in words; null keeps the reason.</param>
    internal void Resolve(uint sourceId, ulong sessionId, IEnumerable<(ulong First, ulong Last)> ranges, GapState state, GapCause? cause, string? reason)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue((sourceId, sessionId), out var session))
            {
                foreach (var (first, last) in ranges)
                {
                    Resolve(session, first, last, state, cause, reason);
                }
            }
        }

        WritePending();
    }

    /// <summary>A source follows a session now: what is open of its other sessions will never come, and what is unknown of its own end is known again.</summary>
    internal void Follow(uint sourceId, ulong sessionId)
    {
        lock (_gate)
        {
            Return(sourceId, sessionId);
            foreach (var session in _sessions.Values.Where(session => session.SourceId == sourceId && session.SessionId != sessionId))
            {
                Resolve(session, 0, ulong.MaxValue, GapState.Final, GapCause.NeverMet, "the engine started again before they could be had; its session is gone.");
            }
        }

        WritePending();
    }

    /// <summary>What may yet come of a session, ascending.</summary>
    internal IReadOnlyList<(ulong First, ulong Last)> GetOpen(uint sourceId, ulong sessionId)
    {
        lock (_gate)
        {
            return _sessions.TryGetValue((sourceId, sessionId), out var session)
                ? [.. session.Gaps.Where(gap => gap.State == GapState.Open).Select(gap => (gap.FirstSequence, gap.LastSequence))]
                : [];
        }
    }

    /// <summary>The first sequence from <paramref name="sequence"/> on that was not given up.</summary>
    internal ulong BehindFinal(uint sourceId, ulong sessionId, ulong sequence)
    {
        lock (_gate)
        {
            return _sessions.TryGetValue((sourceId, sessionId), out var session) ? session.BehindFinal(sequence) : sequence;
        }
    }

    /// <summary>A record came behind the newest gaps of a session: they end before it.</summary>
    /// <param name="sourceId">The source.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="lsn">Its LSN.</param>
    /// <param name="slot">Its slot; 0 = it has none.</param>
    /// <returns>Whether every gap's end is known now.</returns>
    internal bool Bound(uint sourceId, ulong sessionId, Lsn lsn, ulong slot)
    {
        var known = true;
        lock (_gate)
        {
            known &= BoundEnd(sourceId, lsn, slot);
            if (_sessions.TryGetValue((sourceId, sessionId), out var session))
            {
                session.Amend(gap =>
                {
                    if (gap.BeforeLsn != Lsn.None && gap.LastSlot != 0)
                    {
                        return null;
                    }

                    // A record of an earlier slot than the gap's first says nothing about its end.
                    var lastSlot = gap.LastSlot != 0 ? gap.LastSlot : slot >= gap.FirstSlot ? slot : 0;
                    known &= lastSlot != 0;
                    var bounded = gap with { BeforeLsn = gap.BeforeLsn == Lsn.None ? lsn : gap.BeforeLsn, LastSlot = lastSlot };
                    if (lastSlot != gap.LastSlot)
                    {
                        // Without it a restart would take every later slot for touched.
                        _journal?.Add(sourceId, bounded, isAgain: true);
                    }

                    return bounded;
                });
            }
        }

        return known;
    }

    /// <summary>Bytes came from an engine: see <see cref="GapJournal.OnReceived"/>.</summary>
    internal void OnReceived(long bytes)
    {
        lock (_gate)
        {
            _journal?.OnReceived(bytes);
        }

        WritePending();
    }

    // Gaps that met a full lane are tried again whenever a session makes progress: late in the journal is better than never.
    internal void WritePending()
    {
        lock (_gate)
        {
            if (_journal is not { Count: > 0 })
            {
                return;
            }

            if (_journal.Write())
            {
                _stalled = false;
            }
            else if (!_stalled)
            {
                Log.GapNotJournaled(_logger, _journal.Count);
                _stalled = true;
            }

            if (_journal.Dropped > _droppedReported)
            {
                _droppedReported = _journal.Dropped;
                Log.GapRecordsDropped(_logger, _journal.Dropped);
            }
        }
    }

    private CoverageGap[] Find(Func<CoverageGap, bool> touches)
    {
        lock (_gate)
        {
            return [.. _sessions.Values.SelectMany(session => session.All).Where(touches).OrderBy(gap => gap.DetectedAt)];
        }
    }

    private SessionGaps SessionOf(uint sourceId, ulong sessionId)
    {
        if (!_sessions.TryGetValue((sourceId, sessionId), out var session))
        {
            _sessions[(sourceId, sessionId)] = session = new SessionGaps(sourceId, NameOf(sourceId), sessionId);
        }

        return session;
    }

    private string NameOf(uint sourceId) => _names.GetValueOrDefault(sourceId) ?? string.Create(CultureInfo.InvariantCulture, $"source {sourceId:x8}");

    private IReadOnlyList<CoverageGap> Put(uint sourceId, CoverageGap gap, Func<CoverageGap, bool> mayChange)
    {
        var session = SessionOf(sourceId, gap.SessionId);
        var before = (session.Entries, session.OpenCount);
        var news = session.Put(gap with { SourceName = session.SourceName }, mayChange, out var added);
        _count += added;
        Counted(session, before);
        return news;
    }

    private void Resolve(SessionGaps session, ulong first, ulong last, GapState state, GapCause? cause, string? reason)
    {
        var before = (session.Entries, session.OpenCount);
        var changed = session.Change(first, last, part => part with { State = state, Cause = cause ?? part.Cause, Reason = reason ?? part.Reason });
        Counted(session, before);
        foreach (var gap in changed)
        {
            _log.Resolved(gap);
            NoteLoss(gap);
            IngestMetrics.GapsResolved.Add(1, new("source", gap.SourceName), new("state", IngestMetrics.Tag(state)));
            _journal?.Add(session.SourceId, gap);
        }
    }

    private void Counted(SessionGaps session, (int Count, int Open) before)
    {
        _kept += session.Entries - before.Count;
        AddOpen(session.OpenCount - before.Open);
        if (_kept > MaxGaps)
        {
            Compact();
        }
    }

    private void AddOpen(long change)
    {
        if (change != 0)
        {
            Interlocked.Add(ref _openCount, change);
            IngestMetrics.GapsOpen.Add(change);
        }
    }

    private void Compact()
    {
        foreach (var session in _sessions.Values.OrderByDescending(session => session.Entries))
        {
            var open = session.OpenCount;
            _kept -= session.Compact();
            AddOpen(session.OpenCount - open);
            if (_kept <= MaxGaps)
            {
                return;
            }
        }

        // Nothing but gaps that have no neighbour, of as many sessions: the oldest go; what they were missing stays in the sums.
        foreach (var (key, session) in _sessions.OrderBy(entry => entry.Value.All.LastOrDefault()?.DetectedAt ?? DateTimeOffset.MinValue).ToArray())
        {
            _kept -= session.Entries;
            AddOpen(-session.OpenCount);
            Forget(session);
            _sessions.Remove(key);
            if (_kept <= MaxGaps)
            {
                return;
            }
        }
    }
}
