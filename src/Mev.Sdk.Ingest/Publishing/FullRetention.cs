namespace Mev.Sdk.Ingest.Publishing;

/// <summary>What a publisher does when its retention is full.</summary>
public enum FullRetention
{
    /// <summary>Publishing waits while a connected subscriber would lose records; with nobody connected the oldest are evicted.</summary>
    WaitForSubscriber = 0,

    /// <summary>The oldest records are evicted; a subscriber that was too slow for them sees a gap. For engines that must never wait.</summary>
    EvictOldest = 1,
}
