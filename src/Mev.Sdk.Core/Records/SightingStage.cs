namespace Mev.Sdk.Records;

/// <summary>How far a transaction or a slot has come; stable on the wire and on disk.</summary>
public enum SightingStage : byte
{
    /// <summary>Not stated.</summary>
    Unknown = 0,

    /// <summary>Seen before it was in a block.</summary>
    Pending = 1,

    /// <summary>In a block that a node has processed.</summary>
    Processed = 2,

    /// <summary>In a block that two thirds of the stake voted for.</summary>
    Confirmed = 3,

    /// <summary>In a rooted block; cannot be undone.</summary>
    Finalized = 4,

    /// <summary>Ended without a block: its blockhash expired.</summary>
    Dropped = 5,

    /// <summary>Its block was abandoned.</summary>
    Forked = 6,
}
