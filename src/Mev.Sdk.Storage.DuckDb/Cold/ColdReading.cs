namespace Mev.Sdk.Storage.DuckDb;

/// <summary>How far the decoding for a question is.</summary>
/// <param name="Records">Records decoded.</param>
/// <param name="RecordsTotal">Records to be decoded at most.</param>
public readonly record struct ColdReading(long Records, long RecordsTotal);
