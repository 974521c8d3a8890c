namespace Mev.Sdk.Features;

/// <summary>A declared feature: what it is, how far back it looks, what it may look at.</summary>
/// <param name="Column">Name, unit and version; these make the schema's hash.</param>
/// <param name="LookBackSlots">How many slots before the record's own slot it may draw on; 0 = only the record itself, <see cref="int.MaxValue"/> = as far as the engine remembers.</param>
/// <param name="Sees">What it may look at.</param>
/// <param name="Description">What the value is and when it is missing (NaN), in one or two sentences.</param>
public sealed record FeatureDefinition(FeatureColumn Column, int LookBackSlots, FeatureInputs Sees, string Description);
