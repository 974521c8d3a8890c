using Mev.Sdk.Ingest.Diagnostics;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Session;

/// <content>How sessions ended: with the engine's word that this was all, or in a way that leaves open how far they went.</content>
public sealed partial class GapLedger
{
    private const string EndReason = "the session ended without a goodbye and another one took its place: how far it went is not known.";

    // The newest unknown end of each source, as long as it is not known what came behind it.
    private readonly Dictionary<uint, SessionGaps> _unboundEnds = [];

    /// <summary>Sessions of which something is remembered.</summary>
    internal int SessionCount
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>The engine said that its stream is at its end, and what came before it is here or in the ledger.</summary>
    /// <param name="sourceId">The source.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="next">The sequence behind the last one.</param>
    internal void End(uint sourceId, ulong sessionId, ulong next)
    {
        lock (_gate)
        {
            var session = SessionOf(sourceId, sessionId);
            if (session.EndedAt != next)
            {
                session.EndedAt = next;
                _journal?.AddEnd(sourceId, new CoverageGap(session.SourceName, sessionId, next, next - 1, _time.GetUtcNow(), GapState.Healed, "the engine said that its stream ends here."));
            }
        }

        WritePending();
    }

    /// <summary>Another session takes the place of one: writes down what of its end is not known.</summary>
    /// <param name="gone">What is known: source, session, the first sequence that is neither here nor in the ledger, the slot and LSN before it.</param>
    /// <param name="toldNext">The sequence behind the last one that the engine is known to have published; 0 = nothing is known.</param>
    /// <returns>What was written, ascending: empty when the engine had said that this was all.</returns>
    internal IReadOnlyList<CoverageGap> Replace(CoverageGap gone, ulong toldNext)
    {
        var sourceId = SourceIds.FromName(gone.SourceName);
        var written = new List<CoverageGap>();
        lock (_gate)
        {
            var session = SessionOf(sourceId, gone.SessionId);
            var hasEnded = session.EndedAt >= gone.FirstSequence;
            toldNext = hasEnded ? session.EndedAt : toldNext;
            if (toldNext > gone.FirstSequence)
            {
                // Not all of it is a guess: so many had been published.
                written.Add(gone with { LastSequence = toldNext - 1, Cause = GapCause.NeverMet, Reason = "the engine had published them, and its session is gone." });
                gone = gone with { FirstSequence = toldNext };
            }

            if (!hasEnded && session.Tail is not { State: GapState.Final })
            {
                written.Add(gone with { LastSequence = CoverageGap.UnknownEnd, Cause = GapCause.EndUnknown, Reason = EndReason });
            }
        }

        foreach (var gap in written)
        {
            Add(gap with { State = GapState.Final });
        }

        Prune(sourceId);
        return written;
    }

    // Under the gate. A gap without an end, of whoever writes it: a session has one at most, and the newest counts.
    private void AddEnd(uint sourceId, CoverageGap gap)
    {
        var session = SessionOf(sourceId, gap.SessionId);
        PutEnd(session, gap);
        if (session.Tail is { } tail)
        {
            _unboundEnds[sourceId] = session;
            _journal?.AddEnd(sourceId, tail);
        }

        WritePending();
    }

    private void PutEnd(SessionGaps session, CoverageGap gap)
    {
        // One that nobody spoke of has nothing to be healed.
        if (gap.State == GapState.Healed && session.Tail is null)
        {
            return;
        }

        var before = (session.Entries, session.OpenCount);
        _count += session.Tail is null ? 1 : 0;
        session.SetTail(gap with { SourceName = session.SourceName });
        Counted(session, before);
    }

    // The session that was given up is followed again, as where two engines share an address: what comes next of it comes in order.
    private void Return(uint sourceId, ulong sessionId)
    {
        if (_sessions.TryGetValue((sourceId, sessionId), out var session) && session.Tail is { State: not GapState.Healed } tail)
        {
            var before = (session.Entries, session.OpenCount);
            session.SetTail(tail with { State = GapState.Healed, Reason = "the session was found again, and went on behind what was known of it." });
            Counted(session, before);
            IngestMetrics.GapsResolved.Add(1, new("source", session.SourceName), new("state", IngestMetrics.Tag(GapState.Healed)));
            _journal?.AddEnd(sourceId, session.Tail!);
        }
    }

    // The first record of the session that follows says where the unknown end lies.
    private bool BoundEnd(uint sourceId, Lsn lsn, ulong slot)
    {
        if (!_unboundEnds.TryGetValue(sourceId, out var session) || session.Tail is not { } tail)
        {
            return true;
        }

        var lastSlot = tail.LastSlot != 0 ? tail.LastSlot : slot >= tail.FirstSlot ? slot : 0;
        session.SetTail(tail with { BeforeLsn = tail.BeforeLsn == Lsn.None ? lsn : tail.BeforeLsn, LastSlot = lastSlot });
        if (lastSlot == 0)
        {
            return false;
        }

        _journal?.AddEnd(sourceId, session.Tail!);
        _unboundEnds.Remove(sourceId);
        return true;
    }

    // Sessions that ended well leave nothing behind; an engine that is started every minute must not cost ever more memory.
    private void Prune(uint sourceId)
    {
        lock (_gate)
        {
            foreach (var (key, _) in _sessions.Where(entry => entry.Key.SourceId == sourceId && entry.Value.IsEmpty).ToArray())
            {
                _sessions.Remove(key);
            }
        }
    }
}
