namespace Mev.Sdk.Models.Inference;

/// <summary>One score, as it is shown to observers.</summary>
/// <param name="Lsn">The record that was scored.</param>
/// <param name="Signature">Its transaction.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Score">Probability that an opportunity follows, 0 to 1.</param>
/// <param name="Threshold">Probability from which it counts as an opportunity.</param>
public readonly record struct ScoredTransaction(Lsn Lsn, Signature Signature, ulong Slot, float Score, double Threshold)
{
    /// <summary>Whether the score reaches the threshold.</summary>
    public bool IsOpportunity => Score >= Threshold;
}
