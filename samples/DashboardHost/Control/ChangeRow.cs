using Mev.Sdk.Records;

namespace Mev.Sdk.DashboardHost.Control;

/// <param name="Update">The update.</param>
/// <param name="Engine">The source's name.</param>
/// <param name="StrategyId">The strategy.</param>
/// <param name="Revision">Revision that it makes.</param>
/// <param name="Parameters">JSON.</param>
/// <param name="Actor">Who asked.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="State">Where it stands.</param>
/// <param name="ChangedAt">Since when.</param>
/// <param name="Reason">The engine's words.</param>
internal sealed record ChangeRow(
    Guid Update, string Engine, ushort StrategyId, ulong Revision, string Parameters, string Actor, DateTimeOffset RequestedAt, ParameterState State, DateTimeOffset ChangedAt, string Reason);
