using Mev.Sdk.Ingest.Internal;
using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Session;

/// <summary>
/// Asks an engine for what is missing, one range at a time, and tells the ledger what came of it. Used by one session; what is missing is in
/// <see cref="SourceProgress.Holes"/> and outlives it.
/// </summary>
internal sealed class ReplayDesk(SessionContext context, SessionOutbox outbox)
{
    /// <summary>Records of one request.</summary>
    public const ulong MaxRecords = 65_536;

    /// <summary>Ranges that are remembered as missing; one more is given up at once, or an engine that skips every other record would fill the memory.</summary>
    public const int MaxHoles = 8192;

    /// <summary>The widest gap that is asked for: what retains more has 16,777,216 records of 32 bytes in half a gigabyte.</summary>
    public const ulong MaxWidth = 1 << 24;

    // Records between two holes that are worth repeating to save a round trip.
    private const ulong WorthRepeating = 64;

    // A connection that breaks this often while the same range was asked for, with nothing of it coming, breaks because of it.
    private const int MaxBreaks = 8;

    // An engine that leaves as many requests in a row without any answer answers none.
    private const int MaxUnanswered = 3;

    private readonly SequenceSet _healed = new();
    private ulong _sessionId;
    private ulong _first;
    private ulong _last;
    private long _askedAt;
    private TimeSpan _excluded;
    private int _unanswered;

    /// <summary>Whether the engine answers requests.</summary>
    public bool IsEnabled { get; private set; }

    /// <summary>The bytes come from a file: nobody can be asked, but what was replayed when it was captured is in it.</summary>
    public bool IsCapture { get; init; }

    /// <summary>Whether a request has no full answer yet.</summary>
    public bool IsAsking => _last != 0;

    private SequenceSet Holes => context.Progress.Holes;

    /// <summary>Whether a sequence below the next one is missing and was asked for.</summary>
    public bool Takes(ulong sequence) => ((sequence >= _first && sequence <= _last) || IsCapture) && Holes.Contains(sequence);

    /// <summary>The session is known; from here on its holes can be asked for.</summary>
    public void Begin(ulong sessionId, bool answers)
    {
        _sessionId = sessionId;
        IsEnabled = answers && !IsCapture;
        TellGate();
    }

    /// <summary>Records are missing.</summary>
    /// <returns>Null when they may yet be had, otherwise why not.</returns>
    public string? Add(ulong first, ulong last)
    {
        if (last - first >= MaxWidth)
        {
            return $"the gap is wider than {MaxWidth} records, more than is asked for again.";
        }

        if (Holes.Ranges.Count >= MaxHoles)
        {
            return $"more than {MaxHoles} gaps of this stream are open, as many as are kept.";
        }

        Holes.Add(first, last);
        TellGate();
        return null;
    }

    /// <summary>Records came and were taken by the intake.</summary>
    public void OnDelivered(ulong first, ulong last, Lsn lastLsn)
    {
        // Nearly always: nothing is missing, or nothing from here on.
        if (Holes.Max < first || Holes.Remove(first, last) is not { Count: > 0 } came)
        {
            return;
        }

        foreach (var (from, to) in came)
        {
            _healed.Add(from, to);
        }

        context.Progress.Acks.AddHealing(came[0].First, lastLsn);
        OnAnswer(first, last);
        if (!IsAsking)
        {
            Settle();
        }
    }

    /// <summary>The engine says that records cannot be had.</summary>
    public void OnNotice(ulong first, ulong last, GapCause cause)
    {
        var lost = Holes.Remove(first, last);
        if (lost.Count > 0)
        {
            Resolve(lost, GapState.Final, cause, cause == GapCause.Dropped
                ? "the engine dropped these records itself."
                : "they were asked for again, and the engine no longer had them.");
        }

        OnAnswer(first, last);
    }

    /// <summary>The host was busy with what had come: the engine is not to blame for that time.</summary>
    public void Exclude(TimeSpan busy) => _excluded += busy;

    /// <summary>Gives up what was asked in vain, and asks for the next range.</summary>
    /// <returns>When to look again; infinite when there is nothing to wait for.</returns>
    public TimeSpan Tick(ulong next)
    {
        if (!IsEnabled)
        {
            return Timeout.InfiniteTimeSpan;
        }

        if (IsAsking)
        {
            var waited = context.Time.GetElapsedTime(_askedAt) - _excluded;
            if (waited < context.ReplayTimeout)
            {
                return context.ReplayTimeout - waited;
            }

            GiveUp();
        }

        if (TryChoose(next, out var first, out var last))
        {
            // The request is noted first: its answer may come before the call returns.
            Asked(first, last);
            if (!outbox.TryPost(SessionFrames.ReplayRequest(_sessionId, first, last)))
            {
                (_first, _last) = (0, 0);
            }

            return context.ReplayTimeout;
        }

        return Timeout.InfiniteTimeSpan;
    }

    /// <summary>The first request, to go out together with the subscription.</summary>
    public byte[]? FirstRequest(ulong next)
    {
        if (!IsEnabled || !TryChoose(next, out var first, out var last))
        {
            return null;
        }

        Asked(first, last);
        return SessionFrames.ReplayRequest(_sessionId, first, last);
    }

    /// <summary>The session is over: what came is healed, what was asked for will be asked for again.</summary>
    public void End()
    {
        if (IsAsking)
        {
            if (++context.Progress.BrokenReplays >= MaxBreaks)
            {
                context.Progress.BrokenReplays = 0;
                GiveUp($"the connection broke {MaxBreaks} times while they were being asked for.");
            }

            (_first, _last) = (0, 0);
        }

        Settle();
    }

    private void OnAnswer(ulong first, ulong last)
    {
        TellGate();
        if (!IsAsking || last < _first || first > _last)
        {
            return;
        }

        context.Progress.BrokenReplays = 0;
        _unanswered = 0;
        (_askedAt, _excluded) = (context.Time.GetTimestamp(), TimeSpan.Zero);
        if (!Holes.Within(_first, _last).Any())
        {
            (_first, _last) = (0, 0);
            Settle();
        }
    }

    private void GiveUp(string? reason = null)
    {
        // Once an engine has left several requests without a word there is no use in waiting for each of the others.
        var all = reason is null && ++_unanswered >= MaxUnanswered;
        var lost = all ? Holes.Remove(0, ulong.MaxValue) : Holes.Remove(_first, _last);
        (_first, _last) = (0, 0);
        Settle();
        Resolve(lost, GapState.Final, GapCause.Unanswered, reason ?? $"they were asked for again, and the engine did not answer within {DurationText.Of(context.ReplayTimeout)}.");
        TellGate();
    }

    private void Settle()
    {
        if (_healed.IsEmpty)
        {
            return;
        }

        Resolve(_healed.Ranges, GapState.Healed, null, null);
        _healed.Clear();
    }

    private void Resolve(IReadOnlyList<(ulong First, ulong Last)> ranges, GapState state, GapCause? cause, string? reason) =>
        context.Gaps.Resolve(context.SourceId, _sessionId, ranges, state, cause, reason);

    private void Asked(ulong first, ulong last)
    {
        (_first, _last) = (first, last);
        (_askedAt, _excluded) = (context.Time.GetTimestamp(), TimeSpan.Zero);
    }

    // The oldest hole, and those behind it that are near; what stands at or behind the next sequence comes by itself.
    private bool TryChoose(ulong next, out ulong first, out ulong last)
    {
        (first, last) = (0, 0);
        foreach (var hole in Holes.Ranges)
        {
            if (hole.First >= next)
            {
                break;
            }

            if (last == 0)
            {
                first = hole.First;
            }
            else if (hole.First - last > WorthRepeating || hole.First - first >= MaxRecords)
            {
                break;
            }

            last = Math.Min(Math.Min(hole.Last, first + MaxRecords - 1), next - 1);
        }

        return last != 0;
    }

    // Without replays an acknowledgement waits for nothing: the engine would retain for ever what nobody can ask for.
    private void TellGate() => context.Progress.Acks.SetOpen(IsEnabled && !Holes.IsEmpty ? Holes.Ranges[0].First : null);
}
