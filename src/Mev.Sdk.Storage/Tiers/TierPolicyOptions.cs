namespace Mev.Sdk.Storage.Tiers;

/// <summary>When rows leave a tier. Read once.</summary>
public sealed class TierPolicyOptions
{
    /// <summary>Days that rows stay hot, 1 to 3650. Default 30.</summary>
    public int HotDays { get; set; } = 30;

    /// <summary>Days after which rows stop being warm, counted from the same time as <see cref="HotDays"/> and more than that, at most 36500. Default 365.</summary>
    public int WarmDays { get; set; } = 365;

    /// <summary>How much longer than <see cref="HotDays"/> a partition waits for outcomes of its opportunities, 0 to 365 days. Default 2 days.</summary>
    public TimeSpan OutcomePatience { get; set; } = TimeSpan.FromDays(2);

    /// <summary>Lists what is wrong with the options.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section = "Mev:Storage:Tiers:Policy")
    {
        if (HotDays is < 1 or > 3650)
            yield return $"{section}:{nameof(HotDays)} is {HotDays}: set 1 to 3650.";
        if (WarmDays <= HotDays || WarmDays > 36500)
            yield return $"{section}:{nameof(WarmDays)} is {WarmDays}: set more than {nameof(HotDays)} ({HotDays}), at most 36500.";
        if (OutcomePatience < TimeSpan.Zero || OutcomePatience > TimeSpan.FromDays(365))
            yield return $"{section}:{nameof(OutcomePatience)} is {OutcomePatience}: set 00:00:00 to 365.00:00:00.";
    }
}
