namespace Mev.Sdk.Models.Inference;

/// <summary>Hears of every score in LSN order, for a live view.</summary>
public interface IScoreObserver
{
    /// <summary>Called on the sequencer's thread for each scored transaction: return at once, never throw.</summary>
    /// <param name="scored">The score.</param>
    void OnScored(in ScoredTransaction scored);
}
