namespace Mev.Sdk.DashboardHost.Ingest;

/// <summary>How far a source has told of the chain.</summary>
/// <param name="SourceId">The source.</param>
/// <param name="Processed">Highest slot that some node had processed; 0 = none was told of.</param>
/// <param name="Confirmed">Highest slot that two thirds of the stake voted for.</param>
/// <param name="Finalized">Highest rooted slot.</param>
/// <param name="Blocks">Blocks delivered.</param>
/// <param name="Abandoned">Slots told of as forked or skipped.</param>
/// <param name="NewestBlock">Slot of the newest block delivered; 0 = none.</param>
/// <param name="BlockTime">When that was produced, by the cluster; null = not stated.</param>
internal sealed record SlotFacts(
    uint SourceId, ulong Processed, ulong Confirmed, ulong Finalized, long Blocks, long Abandoned, ulong NewestBlock, DateTimeOffset? BlockTime)
{
    /// <summary>Slots that are processed and not final yet; null while one of the two is unknown.</summary>
    public ulong? Behind => Processed == 0 || Finalized == 0 ? null : Processed - Math.Min(Processed, Finalized);
}
