namespace Mev.Sdk.Ingest.Session;

/// <summary>
/// Estimates how far an engine's clock is ahead of the host's, from the four times of each answered heartbeat (RFC 5905 section 8): of the
/// last <see cref="Window"/> exchanges the one with the shortest round trip counts, since it waited least in queues. Not thread-safe.
/// </summary>
internal sealed class ClockEstimator
{
    /// <summary>Exchanges that are remembered: at a heartbeat every two seconds half a minute, within which disciplined clocks drift by microseconds.</summary>
    public const int Window = 16;

    private readonly (long RoundTrip, long Offset)[] _samples = new (long, long)[Window];
    private int _count;
    private int _at;

    /// <summary>Shortest round trip of the window, nanoseconds; null before the first exchange.</summary>
    public long? RoundTripNanoseconds { get; private set; }

    /// <summary>The engine's clock minus the host's, nanoseconds, true to half of <see cref="RoundTripNanoseconds"/>; null before the first exchange.</summary>
    public long? OffsetNanoseconds { get; private set; }

    /// <summary>Takes an exchange.</summary>
    /// <param name="sent">When the host sent, by its clock, nanoseconds since the Unix epoch.</param>
    /// <param name="received">When the engine received, by its clock.</param>
    /// <param name="answered">When the engine answered, by its clock.</param>
    /// <param name="arrived">When the answer arrived, by the host's clock.</param>
    /// <returns>False when no clocks could have shown these times.</returns>
    public bool Add(ulong sent, ulong received, ulong answered, ulong arrived)
    {
        // Over 2^62 ns (the year 2116) the sums below could overflow; an engine may send any number.
        const ulong Limit = 1UL << 62;
        if (sent >= Limit || received >= Limit || answered >= Limit || arrived >= Limit || answered < received || arrived < sent)
        {
            return false;
        }

        var roundTrip = (long)(arrived - sent) - (long)(answered - received);
        if (roundTrip < 0)
        {
            return false;
        }

        // Halved before they are added, for the same reason.
        var offset = (((long)received - (long)sent) / 2) + (((long)answered - (long)arrived) / 2);
        _samples[_at] = (roundTrip, offset);
        _at = (_at + 1) % Window;
        _count = Math.Min(_count + 1, Window);
        var best = _samples[0];
        for (var i = 1; i < _count; i++)
        {
            best = _samples[i].RoundTrip < best.RoundTrip ? _samples[i] : best;
        }

        (RoundTripNanoseconds, OffsetNanoseconds) = best;
        return true;
    }
}
