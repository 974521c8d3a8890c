namespace Mev.Sdk.Ingest.Publishing;

/// <summary>Applies a parameter update or refuses it; called once for an update, one call at a time.</summary>
/// <remarks>
/// Runs on a connection's reading thread: return quickly, and do not wait for <see cref="EnginePublisher.PublishAsync"/>, which may wait for
/// this very connection. An exception rejects the update, with a reason that does not show it.
/// </remarks>
/// <param name="update">The update.</param>
/// <returns>The answer, which the host is told and the publisher remembers.</returns>
public delegate ParameterDecision ParameterUpdateHandler(ParameterUpdate update);
