using Mev.Sdk.Records;

namespace Mev.Sdk;

/// <summary>What became of a parameter update.</summary>
/// <param name="UpdateId">The update.</param>
/// <param name="State">Applied, Rejected, Superseded or Expired.</param>
/// <param name="Revision">Revision in force at the engine.</param>
/// <param name="Reason">Why, in words; empty when there is nothing to say.</param>
public sealed record ParameterOutcome(Guid UpdateId, ParameterState State, ulong Revision, string Reason);
