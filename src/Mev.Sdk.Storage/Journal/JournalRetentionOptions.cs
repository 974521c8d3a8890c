namespace Mev.Sdk.Storage.Journal;

/// <summary>How much of the log is kept. Off by default: everything is.</summary>
public sealed class JournalRetentionOptions
{
    /// <summary>Bytes on disk above which the oldest segments are deleted, at least 128 KiB; null = no limit. Default null.</summary>
    public long? MaxBytes { get; set; }

    /// <summary>
    /// Age above which a segment is deleted, counted from when its successor began, at least 1 s; null = no limit. Default null.
    /// </summary>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section)
    {
        if (MaxBytes < 128 << 10)
            yield return $"{section}:{nameof(MaxBytes)} is {MaxBytes}: set at least {128 << 10}, or leave it out.";
        if (MaxAge < TimeSpan.FromSeconds(1))
            yield return $"{section}:{nameof(MaxAge)} is {MaxAge}: set at least 00:00:01, or leave it out.";
    }
}
