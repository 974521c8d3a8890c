namespace Mev.Sdk.Features.Sets;

/// <summary>Consecutive rows of a training set.</summary>
/// <param name="First">The first row, from 0.</param>
/// <param name="Count">How many rows.</param>
public readonly record struct RowRange(int First, int Count)
{
    /// <summary>The row behind the last one.</summary>
    public int End => First + Count;
}
