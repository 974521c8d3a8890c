namespace Mev.Sdk;

/// <summary>A place in an engine's stream: used for resume, duplicates and gaps, never as a record's identity.</summary>
/// <param name="SourceId">Stable id of the configured source: CRC-32C of its name; 0 is the host itself.</param>
/// <param name="SessionId">Id the engine drew at random when it started; 0 is the host itself.</param>
/// <param name="Sequence">The record's number within the session, starting at 1.</param>
public readonly record struct StreamPosition(uint SourceId, ulong SessionId, ulong Sequence);
