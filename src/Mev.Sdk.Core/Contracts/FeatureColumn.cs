namespace Mev.Sdk;

/// <summary>One column of a feature vector.</summary>
/// <param name="Name">Unique, dotted lower case, such as <c>tx.compute_unit_price</c>.</param>
/// <param name="Unit">Unit in words, such as <c>micro-lamports/CU</c>; <c>1</c> for a pure number.</param>
/// <param name="Version">Raised when the meaning changes.</param>
public sealed record FeatureColumn(string Name, string Unit, int Version = 1);
