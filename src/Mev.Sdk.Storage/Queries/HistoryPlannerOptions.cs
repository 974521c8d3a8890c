namespace Mev.Sdk.Storage.Queries;

/// <summary>What a question may cost. Read once, when a <see cref="HistoryPlanner"/> is made.</summary>
public sealed class HistoryPlannerOptions
{
    /// <summary>Groups that one store may give for a question, 1,000 to 100,000,000. Default 2,000,000.</summary>
    public int MaxGroups { get; set; } = 2_000_000;

    /// <summary>Bytes of an answer at most, as it lies in memory, 1 MiB to 4 GiB. Default 256 MiB.</summary>
    public long MaxAnswerBytes { get; set; } = 256L << 20;

    /// <summary>Time of a question at most, 100 ms to 1 h. Default 30 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Statements that run at a time for one question, 1 to 64. Default 2.</summary>
    public int Parallelism { get; set; } = 2;

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Queries")
    {
        if (MaxGroups is < 1_000 or > 100_000_000)
            yield return $"{section}:{nameof(MaxGroups)} is {MaxGroups}: set 1000 to 100000000.";
        if (MaxAnswerBytes is < 1L << 20 or > 4L << 30)
            yield return $"{section}:{nameof(MaxAnswerBytes)} is {MaxAnswerBytes}: set {1L << 20} to {4L << 30}.";
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromHours(1))
            yield return $"{section}:{nameof(Timeout)} is {Timeout}: set 00:00:00.100 to 01:00:00.";
        if (Parallelism is < 1 or > 64)
            yield return $"{section}:{nameof(Parallelism)} is {Parallelism}: set 1 to 64.";
    }
}
