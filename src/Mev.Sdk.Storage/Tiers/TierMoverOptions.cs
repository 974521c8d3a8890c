namespace Mev.Sdk.Storage.Tiers;

/// <summary>How a <see cref="TierMover"/> works. Read once, when it is made.</summary>
public sealed class TierMoverOptions
{
    /// <summary>Name of the database that rows are moved out of, such as <c>duckdb</c>; empty = the only one that was added. Default empty. For <c>UseTiers</c>; a mover that is made by hand is given its tiers.</summary>
    public string Source { get; set; } = "";

    /// <summary>Name of the tier that rows are moved to, such as <c>parquet</c>; empty = the only one that was added. Default empty. For <c>UseTiers</c>.</summary>
    public string Target { get; set; } = "";

    /// <summary>When rows leave a tier.</summary>
    public TierPolicyOptions Policy { get; set; } = new();

    /// <summary>Time between two looks at what is due, a second to a day. Default 00:10:00.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Megabytes of rows that are copied a second at most, 1 to 100,000; reading back and deleting are not counted. Default 50.</summary>
    public int MegabytesPerSecond { get; set; } = 50;

    /// <summary>How long a mover that says nothing more keeps others from moving, 10 s to an hour. Default 00:05:00.</summary>
    public TimeSpan ClaimDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether what is due is only listed and nothing is moved. Default false.</summary>
    public bool DryRun { get; set; }

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Tiers")
    {
        foreach (var problem in Policy.Validate($"{section}:{nameof(Policy)}"))
            yield return problem;
        if (Interval < TimeSpan.FromSeconds(1) || Interval > TimeSpan.FromDays(1))
            yield return $"{section}:{nameof(Interval)} is {Interval}: set 00:00:01 to 1.00:00:00.";
        if (MegabytesPerSecond is < 1 or > 100_000)
            yield return $"{section}:{nameof(MegabytesPerSecond)} is {MegabytesPerSecond}: set 1 to 100000.";
        if (ClaimDuration < TimeSpan.FromSeconds(10) || ClaimDuration > TimeSpan.FromHours(1))
            yield return $"{section}:{nameof(ClaimDuration)} is {ClaimDuration}: set 00:00:10 to 01:00:00.";
    }
}
