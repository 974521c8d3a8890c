using Mev.Sdk.Records;

namespace Mev.Sdk.Ingest.Control;

/// <summary>What an engine decided about an update, and tells again whenever it is asked again.</summary>
/// <param name="UpdateId">The update.</param>
/// <param name="StrategyId">The strategy.</param>
/// <param name="State">Applied, Rejected, Superseded or Expired.</param>
/// <param name="Revision">Revision in force behind the decision.</param>
/// <param name="DecidedNanoseconds">When, by the engine's clock.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record ParameterAnswer(Guid UpdateId, ushort StrategyId, ParameterState State, ulong Revision, ulong DecidedNanoseconds, string Reason);
