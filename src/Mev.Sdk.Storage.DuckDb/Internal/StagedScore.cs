namespace Mev.Sdk.Storage.DuckDb;

/// <summary>What a model said of one sighting.</summary>
/// <param name="Score">Finite.</param>
/// <param name="Model">Version of the model.</param>
/// <param name="Ordinal">Grows with every score in log order, so that the later of two about one transaction is known.</param>
internal readonly record struct StagedScore(float Score, string Model, ulong Ordinal)
{
    /// <summary>Whether it was staged together with the transaction's row, which then needs no update.</summary>
    public bool IsInRow { get; init; }
}
