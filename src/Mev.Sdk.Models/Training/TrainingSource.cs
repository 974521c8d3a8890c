namespace Mev.Sdk.Models.Training;

/// <summary>Where the records of a training come from, for the artifact's provenance.</summary>
/// <param name="Description">In words for a person, such as <c>a stretch of simulated market, not stored (seed 7, 3,000 slots)</c>.</param>
/// <param name="IsSimulated">Whether they come from a simulated market.</param>
public sealed record TrainingSource(string Description, bool IsSimulated);
