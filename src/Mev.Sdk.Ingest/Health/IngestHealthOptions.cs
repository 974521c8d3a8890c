namespace Mev.Sdk.Ingest.Health;

/// <summary>When the intake counts as slow or down. Configuration shape: <c>Mev:Ingest:Health:*</c>.</summary>
public sealed class IngestHealthOptions
{
    /// <summary>A source that has not been connected for so long is down; before, degraded. Default 30 s; over 0, at most a day.</summary>
    public TimeSpan SourceDownAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A connected source from which nothing was heard for so long, heartbeats included, is degraded. Default 10 s; over 0, at most a day.</summary>
    public TimeSpan SourceSilentAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A sink that has been busy with one batch for so long is degraded. Default 5 s; over 0, at most a day.</summary>
    public TimeSpan SinkSlowAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A sink that has been busy with one batch for so long is down. Default 60 s; not under <see cref="SinkSlowAfter"/>, at most a day.</summary>
    public TimeSpan SinkStuckAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A sink that took more than this share of the last 10 s is degraded: it bounds the intake. Default 0.9 of 1; over 0 to 1.</summary>
    public double SinkBusyShare { get; set; } = 0.9;

    /// <summary>A gap that has been open for so long is degraded. Default 60 s; over 0, at most a day.</summary>
    public TimeSpan OpenGapAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A record found to be lost for good, or a session found to have ended nobody knows where, is degraded for so long; after that it is only mentioned. Default 10 min;
    /// 0 (mentioned only) to a day.
    /// </summary>
    public TimeSpan LossReportedFor { get; set; } = TimeSpan.FromMinutes(10);

    internal IngestHealthOptions Copy() => (IngestHealthOptions)MemberwiseClone();

    internal void Validate(string key, List<string> errors)
    {
        Time(SourceDownAfter, $"{key}:SourceDownAfter", errors);
        Time(SourceSilentAfter, $"{key}:SourceSilentAfter", errors);
        Time(SinkSlowAfter, $"{key}:SinkSlowAfter", errors);
        Time(SinkStuckAfter, $"{key}:SinkStuckAfter", errors);
        Time(OpenGapAfter, $"{key}:OpenGapAfter", errors);
        if (LossReportedFor < TimeSpan.Zero || LossReportedFor > TimeSpan.FromDays(1))
        {
            errors.Add($"{key}:LossReportedFor is {LossReportedFor}; give a time from 0 to a day, as in 00:10:00.");
        }

        if (SinkStuckAfter < SinkSlowAfter)
        {
            errors.Add($"{key}:SinkStuckAfter is {SinkStuckAfter}, under SinkSlowAfter of {SinkSlowAfter}; raise it.");
        }

        if (!(SinkBusyShare > 0 && SinkBusyShare <= 1))
        {
            errors.Add(FormattableString.Invariant($"{key}:SinkBusyShare is {SinkBusyShare}; give a share over 0 and at most 1."));
        }
    }

    private static void Time(TimeSpan value, string key, List<string> errors)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
        {
            errors.Add($"{key} is {value}; give a time over 0 and at most a day, as in 00:00:30.");
        }
    }
}
