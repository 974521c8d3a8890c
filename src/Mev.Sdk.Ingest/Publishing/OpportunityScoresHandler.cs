using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Publishing;

/// <summary>Takes a host's scores of opportunities.</summary>
/// <remarks>Runs on a connection's reading thread, concurrently where several hosts are connected: return quickly. An exception is logged.</remarks>
/// <param name="scores">The scores; valid during the call.</param>
public delegate void OpportunityScoresHandler(OpportunityScoresView scores);
