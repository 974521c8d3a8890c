namespace Mev.Sdk.Features.Operators;

/// <summary>One family of features with the state they share.</summary>
/// <remarks>
/// For each transaction every operator computes before any operator updates, so no feature sees its own record through another's state, and
/// the order of operators changes nothing.
/// </remarks>
internal abstract class FeatureOperator(FeatureDefinition[] definitions)
{
    /// <summary>The features in the order in which <see cref="Compute"/> writes them.</summary>
    public FeatureDefinition[] Definitions { get; } = definitions;

    public int Width => Definitions.Length;

    /// <summary>Writes every value of the family, NaN where it cannot be known.</summary>
    public abstract void Compute(in FeatureInput input, Span<float> destination);

    /// <summary>Takes the transaction into the state.</summary>
    public virtual void Update(in FeatureInput input)
    {
    }
}
