namespace Mev.Sdk.Ingest;

/// <summary>How one sink keeps up, at one moment. Sinks are called one after the other, so the shares of all add up to at most 1.</summary>
/// <param name="Name">The name of its type; of a second of the same type with a number behind it.</param>
/// <param name="Batches">Batches it took since the process started.</param>
/// <param name="Records">Records in them.</param>
/// <param name="Busy">Time the sequencer waited for it since the process started.</param>
/// <param name="Share">Share of the last 10 s that the sequencer waited for it, 0 to 1.</param>
/// <param name="Waiting">How long the sequencer has been waiting for it now; zero while it does not.</param>
public sealed record SinkSnapshot(string Name, long Batches, long Records, TimeSpan Busy, double Share, TimeSpan Waiting);
