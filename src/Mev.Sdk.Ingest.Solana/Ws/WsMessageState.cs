namespace Mev.Sdk.Ingest.Solana.Ws;

/// <summary>What receiving ended with.</summary>
internal enum WsMessageState
{
    /// <summary>A whole message.</summary>
    Whole,

    /// <summary>The peer closed.</summary>
    Closed,

    /// <summary>A message longer than allowed.</summary>
    TooLong,
}
