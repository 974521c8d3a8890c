namespace Mev.Sdk.Ingest.Session;

/// <summary>What a source has delivered, across connections; decides where the next session starts.</summary>
/// <remarks>Used by one session at a time.</remarks>
internal sealed class SourceProgress
{
    private readonly Dictionary<ulong, ulong> _durable = [];

    public SourceProgress(uint sourceId, IRecordLog? log)
    {
        foreach (var position in log?.DurablePositions ?? [])
        {
            if (position.SourceId == sourceId)
            {
                _durable[position.SessionId] = Math.Max(position.Sequence, _durable.GetValueOrDefault(position.SessionId));
            }
        }

        LastLsn = log?.DurableLsn ?? Lsn.None;
    }

    /// <summary>The session that was followed last in this process; 0 before the first.</summary>
    public ulong SessionId { get; private set; }

    /// <summary>The sequence behind the last one delivered.</summary>
    public ulong Next { get; private set; }

    /// <summary>Last sequence of the session that the intake took; 0 before the first. Unlike <see cref="Next"/> it never counts what is missing.</summary>
    public ulong LastDelivered { get; private set; }

    /// <summary>The session of which the engine said that everything had been sent; 0 = none.</summary>
    public ulong EndedSessionId { get; set; }

    /// <summary>What is missing of the session and may yet be had.</summary>
    public SequenceSet Holes { get; } = new();

    /// <summary>What holds acknowledgements of the session back.</summary>
    public AckGate Acks { get; } = new();

    /// <summary>Connections in a row that broke while something was asked for again, without any answer.</summary>
    public int BrokenReplays { get; set; }

    /// <summary>
    /// LSN of the source's last record in the order of its stream, of whichever session; before the first of this process what the log ended with: nothing that
    /// is found missing now could have come before it.
    /// </summary>
    public Lsn LastLsn { get; set; }

    /// <summary>Slot of the source's last record that had one; 0 before the first of this process.</summary>
    public ulong LastSlot { get; set; }

    /// <summary>Whether this source was ever followed, in this process or in one whose journal we have.</summary>
    public bool IsKnown => SessionId != 0 || _durable.Count > 0;

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
            (LastDelivered, BrokenReplays) = (0, 0);
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
