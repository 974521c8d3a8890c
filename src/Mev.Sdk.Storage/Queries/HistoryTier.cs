namespace Mev.Sdk.Storage.Queries;

/// <summary>How near at hand a store is; of a range that several hold, the nearest answers.</summary>
public enum HistoryTier
{
    /// <summary>What is filled from the journal.</summary>
    Hot = 0,

    /// <summary>What the mover fills from hot.</summary>
    Warm,

    /// <summary>The archive.</summary>
    Cold,
}
