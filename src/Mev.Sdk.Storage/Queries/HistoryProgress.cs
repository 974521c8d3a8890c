namespace Mev.Sdk.Storage.Queries;

/// <summary>How far a question has come.</summary>
/// <param name="Fraction">Share of the work that is done, 0 to 1; never falls, except when tiers moved meanwhile and the question is asked again.</param>
/// <param name="Rows">Rows or groups read from the stores so far.</param>
/// <param name="Store">The store that last made progress; null at the end.</param>
public readonly record struct HistoryProgress(double Fraction, long Rows, string? Store);
