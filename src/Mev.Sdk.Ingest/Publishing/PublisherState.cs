using Mev.Sdk.Ingest.Control;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>What a publisher and its subscribers share; every member is used under <see cref="Gate"/>.</summary>
internal sealed class PublisherState(long retentionBytes, EngineDesk control)
{
    public Lock Gate { get; } = new();

    /// <summary>Takes what hosts send besides acks; has a lock of its own, so not under the gate.</summary>
    public EngineDesk Control { get; } = control;

    public RetentionRing Ring { get; } = new(retentionBytes);

    /// <summary>Connected peers, subscribed or not yet.</summary>
    public HashSet<Subscriber> Subscribers { get; } = [];

    /// <summary>There is something to send.</summary>
    public AsyncPulse Changed { get; } = new();

    /// <summary>A subscriber advanced, came or left.</summary>
    public AsyncPulse Moved { get; } = new();

    /// <summary>The goodbye to send behind the last record; null while the stream goes on.</summary>
    public (GoodbyeCode Code, string Reason)? Goodbye { get; set; }

    public bool IsDisposed { get; set; }

    /// <summary>The highest sequence that any subscriber ever acknowledged; 0 before the first.</summary>
    public ulong Durable { get; private set; }

    /// <summary>Whether any subscriber ever acknowledged, be it that it has nothing yet: then only an acknowledgement of the end is one.</summary>
    public bool IsAcknowledged { get; private set; }

    /// <summary>Whether a subscriber took everything to the goodbye and then closed its side in order.</summary>
    public bool TookAll { get; set; }

    /// <summary>Records that were evicted before anybody is known to have them.</summary>
    public ulong Lost { get; private set; }

    /// <summary>Whether somebody has the stream up to its end, so that waiting longer changes nothing.</summary>
    public bool HasEnd => Ring.NextSequence == 1 || (IsAcknowledged ? Durable >= Ring.NextSequence - 1 : TookAll);

    private ulong _sent;
    private ulong _lostThrough;

    /// <summary>A subscriber was sent the records below a sequence.</summary>
    public void NoteSent(ulong next) => _sent = Math.Max(_sent, next - 1);

    /// <summary>A subscriber made the records up to a sequence durable; 0: it acknowledges, and has nothing of this session yet.</summary>
    public void NoteDurable(ulong sequence)
    {
        Durable = Math.Max(Durable, sequence);
        IsAcknowledged = true;
    }

    /// <summary>A subscriber begins at a sequence: what was evicted before it is lost, unless a journal has it, or whoever was here before took it.</summary>
    /// <returns>The lost records, once; null when there are none.</returns>
    /// <remarks>A host asks for nothing below the oldest record that the hello named, so one that begins there may lack all that is older.</remarks>
    public (ulong First, ulong Last)? NoteBegin(ulong from) =>
        from <= Ring.FirstSequence ? NoteLost((IsAcknowledged ? Durable : _sent) + 1, Ring.FirstSequence - 1) : null;

    /// <summary>A subscriber was too slow for the retention: lost is what nobody else was sent either.</summary>
    public void NoteOvertaken(ulong first) => NoteLost(Math.Max(first, Math.Max(_sent, Durable) + 1), Ring.FirstSequence - 1);

    private (ulong First, ulong Last)? NoteLost(ulong first, ulong last)
    {
        first = Math.Max(first, _lostThrough + 1);
        if (first > last)
        {
            return null;
        }

        Lost += last - first + 1;
        _lostThrough = last;
        return (first, last);
    }
}
