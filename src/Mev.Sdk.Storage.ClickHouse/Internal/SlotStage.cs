using Mev.Sdk.Records;

namespace Mev.Sdk.Storage.ClickHouse.Internal;

/// <summary>What slot records made of a slot.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Lsn">End of the range that brought it last.</param>
internal readonly record struct SlotStage(SightingStage Stage, ulong Lsn);
