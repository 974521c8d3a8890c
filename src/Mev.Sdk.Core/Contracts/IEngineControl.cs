using Mev.Sdk.Wire;

namespace Mev.Sdk;

/// <summary>The way back to the engines: scores of their opportunities, and parameters of their strategies.</summary>
/// <remarks>Thread-safe. Scores are hints that age in milliseconds: what cannot be sent now is dropped and counted. Updates are promises: they
/// are journaled, sent again on every reconnect until the engine answers, and applied once.</remarks>
public interface IEngineControl
{
    /// <summary>Sends scores to an engine, if it is connected and takes them.</summary>
    /// <param name="engine">The configured name of its source.</param>
    /// <param name="message">What the scores have in common.</param>
    /// <param name="scores">The scores, at most 65,535.</param>
    /// <param name="modelVersion">The model's version.</param>
    /// <returns>False when the engine is not connected, takes no scores, or is behind with what it was sent; the scores were dropped and counted.</returns>
    /// <exception cref="ArgumentException">No source has the name, or there are too many scores.</exception>
    bool TrySendScores(string engine, in OpportunityScoresMessage message, ReadOnlySpan<OpportunityScore> scores, string modelVersion);

    /// <summary>Asks an engine to change the parameters of a strategy.</summary>
    /// <param name="request">What to change.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer; the update itself stands until it is answered, superseded or expired.</param>
    /// <returns>Completes with the engine's answer, however often the connection breaks before it.</returns>
    /// <exception cref="ArgumentException">No source has the name, or the parameters are no JSON object.</exception>
    /// <exception cref="InvalidOperationException">The request cannot be journaled now, so it was not sent.</exception>
    Task<ParameterOutcome> UpdateParametersAsync(ParameterRequest request, CancellationToken cancellationToken = default);

    /// <summary>Updates that were not answered yet.</summary>
    /// <returns>A snapshot, oldest first.</returns>
    IReadOnlyList<PendingParameters> GetPending();
}
