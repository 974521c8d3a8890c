namespace Mev.Sdk.Ingest.Publishing;

/// <summary>What a publisher does when its retention is full; the C++ header's <c>WhenFull</c> says the same by the same names.</summary>
public enum WhenFull
{
    /// <summary>Publishing waits while a connected subscriber would lose records; with nobody connected the oldest are evicted.</summary>
    Wait = 0,

    /// <summary>
    /// Publishing never waits: the oldest records are evicted, and a subscriber that was too slow for them is told of the gap. (The C++ publisher has a ring in
    /// front of its retention as well; when that is full it drops the new record, and tells of it in the same way.)
    /// </summary>
    DropAndTell = 1,
}
