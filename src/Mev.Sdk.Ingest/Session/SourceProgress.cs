namespace Mev.Sdk.Ingest.Session;

/// <summary>What a source has delivered, across connections; decides where the next session starts.</summary>
/// <remarks>Used by one session at a time.</remarks>
internal sealed class SourceProgress
{
    private readonly Dictionary<ulong, ulong> _durable = [];
    private readonly ulong _lastLogged;

    public SourceProgress(uint sourceId, IRecordLog? log)
    {
        foreach (var position in log?.DurablePositions ?? [])
        {
            if (position.SourceId == sourceId)
            {
                _durable[position.SessionId] = Math.Max(position.Sequence, _durable.GetValueOrDefault(position.SessionId));
                _lastLogged = position.SessionId;
            }
        }

        // Other sources may have written since: what is found missing of this one now may have come at any time behind its own last record.
        var last = _lastLogged != 0 ? log!.GetLastLsn(sourceId, _lastLogged) : Lsn.None;
        LastLsn = last != Lsn.None ? last : log?.DurableLsn ?? Lsn.None;
    }

    /// <summary>The session whose place another one takes: the one followed last, in this process or by the log; 0 = none.</summary>
    public ulong FollowedSessionId => SessionId != 0 ? SessionId : _lastLogged;

    /// <summary>The session that was followed last in this process; 0 before the first.</summary>
    public ulong SessionId { get; private set; }

    /// <summary>The sequence behind the last one delivered.</summary>
    public ulong Next { get; private set; }

    /// <summary>Last sequence of the session that the intake took; 0 before the first. Unlike <see cref="Next"/> it never counts what is missing.</summary>
    public ulong LastDelivered { get; private set; }

    /// <summary>The sequence that the engine's newest hello said would come next: everything before it was published. 0 = none.</summary>
    public ulong ToldNext { get; set; }

    /// <summary>The session of which the engine said that everything had been sent; 0 = none.</summary>
    public ulong EndedSessionId { get; set; }

    /// <summary>What is missing of the session and may yet be had.</summary>
    public SequenceSet Holes { get; } = new();

    /// <summary>What holds acknowledgements of the session back.</summary>
    public AckGate Acks { get; } = new();

    /// <summary>Connections in a row that broke while something was asked for again, without any answer.</summary>
    public int BrokenReplays { get; set; }

    /// <summary>
    /// LSN of the source's last record in the order of its stream, of whichever session; before the first of this process that of its last durable record, or
    /// what the log ended with where it holds none: nothing that is found missing now could have come before it.
    /// </summary>
    public Lsn LastLsn { get; set; }

    /// <summary>Slot of the source's last record that had one; 0 before the first of this process.</summary>
    public ulong LastSlot { get; set; }

    /// <summary>The first sequence wanted of a session, or null when it was never met.</summary>
    public ulong? WantedOf(ulong sessionId) =>
        sessionId == SessionId ? Next
        : _durable.TryGetValue(sessionId, out var durable) ? durable + 1
        : null;

    /// <summary>Everything before <paramref name="next"/> was delivered or written down as missing.</summary>
    public void Advance(ulong sessionId, ulong next)
    {
        // An engine left behind is remembered too: connections may alternate between two engines behind one address.
        if (SessionId != 0 && SessionId != sessionId)
        {
            _durable[SessionId] = Next - 1;
        }

        if (SessionId != sessionId)
        {
            (LastDelivered, BrokenReplays, ToldNext) = (0, 0, 0);
            Holes.Clear();
            Acks.Reset();
        }

        SessionId = sessionId;
        Next = next;
    }

    /// <summary>The intake took everything up to <paramref name="last"/>, which the log will call durable some day.</summary>
    public void Deliver(ulong sessionId, ulong last)
    {
        Advance(sessionId, last + 1);
        LastDelivered = last;
    }
}
