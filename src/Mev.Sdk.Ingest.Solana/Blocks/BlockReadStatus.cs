namespace Mev.Sdk.Ingest.Solana.Blocks;

/// <summary>What an answer to <c>getBlock</c> turned out to be.</summary>
internal enum BlockReadStatus
{
    /// <summary>A block; single transactions of it may still be unreadable.</summary>
    Ok,

    /// <summary>A JSON-RPC error.</summary>
    RpcError,

    /// <summary>The result is null: the node does not have the block.</summary>
    NoBlock,

    /// <summary>No JSON, or JSON that ends in the middle.</summary>
    Broken,

    /// <summary>JSON, but no block with its transactions.</summary>
    Unusable,
}
