namespace Mev.Sdk.Storage.Health;

/// <summary>When storage counts as slow or down. Configuration shape: <c>Mev:Storage:Health:*</c>.</summary>
public sealed class StorageHealthOptions
{
    /// <summary>A journal that has records to make durable and made none durable for so long is degraded. Default 5 s; over 0, at most a day.</summary>
    public TimeSpan UnsyncedAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A projector that is more records than this behind the durable log is degraded. Default 500,000 records; at least 1.</summary>
    public long ProjectorLagRecords { get; set; } = 500_000;

    /// <summary>Lists what is wrong with the options.</summary>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate()
    {
        if (UnsyncedAfter <= TimeSpan.Zero || UnsyncedAfter > TimeSpan.FromDays(1))
            yield return $"Mev:Storage:Health:UnsyncedAfter is {UnsyncedAfter}: give a time over 0 and at most a day, as in 00:00:05.";
        if (ProjectorLagRecords < 1)
            yield return $"Mev:Storage:Health:ProjectorLagRecords is {ProjectorLagRecords}: give at least 1 record.";
    }
}
