using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.Projection;

/// <summary>Where a row of the first sightings is, and what slot records ask of it.</summary>
/// <param name="Row">Where it begins in the buffer.</param>
/// <param name="StageByte">Where its stage is.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Stage">Its stage, as it was seen.</param>
internal readonly record struct StagedSighting(int Row, int StageByte, ulong Slot, SightingStage Stage)
{
    public StagedSighting MovedTo(int row) => this with { Row = row, StageByte = StageByte + row - Row };
}
