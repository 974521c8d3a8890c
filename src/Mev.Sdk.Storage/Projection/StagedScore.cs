namespace Mev.Sdk.Storage.Projection;

/// <summary>What a model said of one sighting.</summary>
/// <param name="Score">Finite.</param>
/// <param name="Model">Version of the model, UTF-8.</param>
/// <param name="Ordinal">Grows with every score in log order, so that the later of two about one transaction is known.</param>
/// <param name="IsInRow">Whether it was staged together with the transaction's row, which then needs no update.</param>
internal readonly record struct StagedScore(float Score, byte[] Model, ulong Ordinal, bool IsInRow);
