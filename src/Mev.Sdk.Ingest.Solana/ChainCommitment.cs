namespace Mev.Sdk.Ingest.Solana;

/// <summary>How final a block must be before a node shows it.</summary>
public enum ChainCommitment
{
    /// <summary>A node has processed it; its fork may be abandoned.</summary>
    Processed = 0,

    /// <summary>Two thirds of the stake voted for it.</summary>
    Confirmed = 1,

    /// <summary>Rooted; cannot be undone.</summary>
    Finalized = 2,
}
