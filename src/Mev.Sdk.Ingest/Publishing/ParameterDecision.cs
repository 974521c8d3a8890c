namespace Mev.Sdk.Ingest.Publishing;

/// <summary>An engine's answer to a parameter update.</summary>
/// <param name="IsApplied">Whether the parameters are in force.</param>
/// <param name="Reason">Why not, or a remark, in words of at most 512 bytes in UTF-8; may be empty.</param>
public readonly record struct ParameterDecision(bool IsApplied, string Reason)
{
    /// <summary>The parameters are in force.</summary>
    public static ParameterDecision Applied { get; } = new(true, "");

    /// <summary>Nothing was changed.</summary>
    /// <param name="reason">Why, and what to do.</param>
    /// <returns>The answer.</returns>
    public static ParameterDecision Rejected(string reason) => new(false, reason);
}
