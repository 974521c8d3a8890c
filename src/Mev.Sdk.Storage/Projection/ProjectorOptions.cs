namespace Mev.Sdk.Storage.Projection;

/// <summary>How a <see cref="Projector"/> tails the log. Read once, when it is made.</summary>
public sealed class ProjectorOptions
{
    /// <summary>Records stored in one transaction at most, 1 to 250,000; a block of the log is never divided. Default 50,000.</summary>
    public int BatchRecords { get; set; } = 50_000;

    /// <summary>Frame bytes held for one transaction at most, 1 MiB to 1 GiB. Default 64 MiB.</summary>
    public int BatchBytes { get; set; } = 64 << 20;

    /// <summary>Wait after a first failure, doubled with each further one, 10 ms to 1 min. Default 200 ms.</summary>
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait between tries, at least <see cref="FirstRetryDelay"/>, at most 1 h. Default 30 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Projector")
    {
        if (BatchRecords is < 1 or > 250_000)
            yield return $"{section}:{nameof(BatchRecords)} is {BatchRecords}: set 1 to 250000.";
        if (BatchBytes is < 1 << 20 or > 1 << 30)
            yield return $"{section}:{nameof(BatchBytes)} is {BatchBytes}: set {1 << 20} to {1 << 30}.";
        if (FirstRetryDelay < TimeSpan.FromMilliseconds(10) || FirstRetryDelay > TimeSpan.FromMinutes(1))
            yield return $"{section}:{nameof(FirstRetryDelay)} is {FirstRetryDelay}: set 00:00:00.010 to 00:01:00.";
        if (MaxRetryDelay < FirstRetryDelay || MaxRetryDelay > TimeSpan.FromHours(1))
            yield return $"{section}:{nameof(MaxRetryDelay)} is {MaxRetryDelay}: set {nameof(FirstRetryDelay)} to 01:00:00.";
    }
}
