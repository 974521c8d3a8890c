namespace Mev.Sdk;

/// <summary>Hears from the journal what has become durable; an engine's session acknowledges with it.</summary>
public interface IDurabilityListener
{
    /// <summary>Called after each commit, on the journal's thread: return quickly, never throw.</summary>
    /// <param name="durable">Every record up to here survives a crash.</param>
    /// <param name="positions">Last durable sequence of each source and session that the commit touched; valid during the call.</param>
    void OnDurable(Lsn durable, ReadOnlySpan<StreamPosition> positions);
}
