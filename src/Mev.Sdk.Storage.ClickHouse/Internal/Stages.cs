using Mev.Sdk.Records;
using Mev.Sdk.Storage.Projection;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>How stages follow one another.</summary>
internal static class Stages
{
    /// <summary>A stage is overtaken by a later one; an ending by being seen again; a finalized one by nothing.</summary>
    public static bool Overtakes(SightingStage next, SightingStage current) =>
        current != SightingStage.Finalized && next != current && (next > current || current >= SightingStage.Dropped);

    /// <summary>What a slot's stage makes of a row's: it counts for rows that were there when it came, and a pending transaction is in no block yet.</summary>
    public static SightingStage Effective(SightingStage stage, ulong version, SlotStage slot) =>
        stage != SightingStage.Pending && slot.Lsn >= version && Overtakes(slot.Stage, stage) ? slot.Stage : stage;

    /// <summary>Whether rows about one signature belong together: a signature may come again long after, in another life.</summary>
    public static bool AreNear(ulong slot, ulong other) => Math.Max(slot, other) - Math.Min(slot, other) <= SlotSpan.Margin;

    public static SightingStage Fold(SightingStage current, SightingStage next) => Overtakes(next, current) ? next : current;
}
