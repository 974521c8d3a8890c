namespace Mev.Sdk;

/// <summary>Consecutive records of one engine's session, both ends included.</summary>
/// <param name="SourceId">Stable id of the configured source: CRC-32C of its name; 0 is the host itself.</param>
/// <param name="SessionId">Id the engine drew at random when it started; 0 is the host itself.</param>
/// <param name="First">Sequence of the first record.</param>
/// <param name="Last">Sequence of the last record, at least <paramref name="First"/>.</param>
public readonly record struct SequenceRange(uint SourceId, ulong SessionId, ulong First, ulong Last);
