using Mev.Sdk.Records;

namespace Mev.Sdk.Simulation.Searching;

/// <summary>An outcome that the engine learns in a later slot, when confirmations are in.</summary>
/// <param name="Slot">When it is reported.</param>
/// <param name="Record">What is reported.</param>
internal readonly record struct DueOutcome(ulong Slot, OutcomeRecord Record);
