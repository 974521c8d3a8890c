namespace Mev.Sdk.Ingest.Publishing;

/// <summary>What a host wants a strategy's parameters to be, as an engine's handler is shown it.</summary>
/// <param name="UpdateId">The update; shown to the handler once, however often it was sent.</param>
/// <param name="StrategyId">The strategy.</param>
/// <param name="Revision">Revision that the parameters have from now on if they are taken.</param>
/// <param name="Parameters">A JSON object in UTF-8; valid during the call.</param>
/// <param name="RequestedAt">When it was asked for, by the host's clock.</param>
/// <param name="ExpiresAt">When it is no longer wanted; null = never. It has not passed.</param>
public sealed record ParameterUpdate(
    Guid UpdateId, ushort StrategyId, ulong Revision, ReadOnlyMemory<byte> Parameters, DateTimeOffset RequestedAt, DateTimeOffset? ExpiresAt);
