namespace Mev.Sdk.Storage.Tiers;

/// <summary>What is asked before warm rows are dropped: whether their records are safe.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IColdTier
{
    /// <summary>Whether every record of a range that the log ever had is there and readable; looks at the objects themselves.</summary>
    /// <param name="first">First LSN.</param>
    /// <param name="last">Last LSN, included.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when it is; else what is missing or damaged, in words.</returns>
    ValueTask<string?> MissesAsync(Lsn first, Lsn last, CancellationToken cancellationToken);
}
