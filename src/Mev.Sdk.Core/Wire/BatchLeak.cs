namespace Mev.Sdk.Wire;

/// <summary>A batch that was garbage-collected with references left.</summary>
/// <param name="First">Position of its first record.</param>
/// <param name="Count">Records in it.</param>
/// <param name="CreatedAt">The stack that made it.</param>
/// <param name="RetainedAt">The stacks that retained it, oldest first, the last eight at most; which of them was not released cannot be told.</param>
public sealed record BatchLeak(StreamPosition First, int Count, string CreatedAt, IReadOnlyList<string> RetainedAt)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"A batch of {Count} records from {First} was never released. Made{Environment.NewLine}{CreatedAt}"
        + string.Concat(RetainedAt.Select(stack => $"retained{Environment.NewLine}{stack}"));
}
