namespace Mev.Sdk.Ingest.Solana.Yellowstone;

/// <summary>How a stream ended.</summary>
internal enum GeyserEndKind
{
    /// <summary>The server closed it, or it broke.</summary>
    Broken,

    /// <summary>No connection came about.</summary>
    Unreachable,

    /// <summary>Nothing was heard for too long.</summary>
    Silent,

    /// <summary>The server said that this client was too slow.</summary>
    Lagged,

    /// <summary>The server does not hold the slot that a replay was asked from.</summary>
    NotReplayable,

    /// <summary>The server refuses the token.</summary>
    Unauthorized,

    /// <summary>The server refuses the request.</summary>
    Refused,

    /// <summary>A message was longer than allowed.</summary>
    TooLarge,
}
