using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Control;

/// <param name="Engine">The configured name of its source.</param>
/// <param name="Record">What it did.</param>
/// <param name="Name">Its name, as the engine says it.</param>
/// <param name="Parameters">Its parameters, JSON.</param>
/// <param name="At">When the host heard of it.</param>
internal sealed record StrategyFacts(string Engine, StrategyRecord Record, string Name, string Parameters, DateTimeOffset At)
{
    /// <summary>engine/id, for links.</summary>
    public string Key => FormattableString.Invariant($"{Engine}/{Record.StrategyId}");

    /// <summary>The state in a word.</summary>
    public string State => Record.Flags.HasFlag(StrategyFlags.Shadow) ? "shadow" : Record.Flags.HasFlag(StrategyFlags.Enabled) ? "enabled" : "disabled";
}
