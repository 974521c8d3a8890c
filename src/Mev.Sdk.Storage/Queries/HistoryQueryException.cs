namespace Mev.Sdk.Storage.Queries;

/// <summary>A <see cref="HistoryQuery"/> asks for what there is not, or for more than is allowed.</summary>
public sealed class HistoryQueryException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="problems">What is wrong, each with its place and its remedy; at least one.</param>
    public HistoryQueryException(IReadOnlyList<string> problems)
        : base(string.Join(' ', problems)) => Problems = problems;

    /// <summary>What is wrong, each with its place and its remedy.</summary>
    public IReadOnlyList<string> Problems { get; }
}
