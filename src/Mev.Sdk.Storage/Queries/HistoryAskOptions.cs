namespace Mev.Sdk.Storage.Queries;

/// <summary>How one question is asked.</summary>
public sealed record HistoryAskOptions
{
    /// <summary>
    /// Whether the other stores' part of the answer is good enough when one fails; then <see cref="HistoryAnswer.Missing"/> says what is not in it. Default false: the question fails.
    /// </summary>
    public bool AllowPartial { get; init; }

    /// <summary>The only tier that is asked; null (default) = all. The answer is then what that tier answers for, and says nothing about the others.</summary>
    public HistoryTier? Tier { get; init; }

    /// <summary>Hears how far the question has come, on any thread; null (default) = nobody.</summary>
    public IProgress<HistoryProgress>? Progress { get; init; }
}
