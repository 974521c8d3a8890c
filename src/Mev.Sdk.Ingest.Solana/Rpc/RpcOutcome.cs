namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>What became of one JSON-RPC request; also the meter's tag.</summary>
internal enum RpcOutcome
{
    /// <summary>A result.</summary>
    Ok,

    /// <summary>The slot has no block: -32007, -32009.</summary>
    Skipped,

    /// <summary>The node does not have it yet: -32004, -32014, -32016, or null for a block.</summary>
    NotYet,

    /// <summary>The node no longer has it: -32001, -32011.</summary>
    Gone,

    /// <summary>Another JSON-RPC error: asking again would not help.</summary>
    Refused,

    /// <summary>HTTP 429, or a JSON-RPC error that says the same.</summary>
    RateLimited,

    /// <summary>HTTP 5xx, or a node that says it is unhealthy (-32005) or failed inside (-32603).</summary>
    Unavailable,

    /// <summary>No connection.</summary>
    Unreachable,

    /// <summary>No whole answer within the time allowed.</summary>
    NoAnswer,

    /// <summary>The answer ended in the middle.</summary>
    Truncated,

    /// <summary>The answer is longer than allowed.</summary>
    TooLarge,

    /// <summary>The answer is no JSON-RPC: a web page, say.</summary>
    NotJson,

    /// <summary>HTTP 3xx: the request, which carries a token, is not sent elsewhere.</summary>
    Redirected,

    /// <summary>HTTP 401 or 403.</summary>
    Unauthorized,

    /// <summary>JSON-RPC, but its result has another shape than it should.</summary>
    Unusable,
}
