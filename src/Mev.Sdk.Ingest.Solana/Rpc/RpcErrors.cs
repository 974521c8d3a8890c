namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>What JSON-RPC error codes mean. Source: Agave, <c>rpc-client-api/src/custom_error.rs</c>.</summary>
internal static class RpcErrors
{
    public static RpcOutcome Classify(long code) => code switch
    {
        -32007 or -32009 => RpcOutcome.Skipped,
        -32004 or -32014 or -32016 => RpcOutcome.NotYet,
        -32001 or -32011 => RpcOutcome.Gone,
        -32005 or -32603 or -32000 => RpcOutcome.Unavailable,
        // Not Agave's own: providers answer 200 with the HTTP code as the error's.
        429 or -32429 or -32029 => RpcOutcome.RateLimited,
        _ => RpcOutcome.Refused,
    };

    /// <summary>Whether asking again may help.</summary>
    public static bool IsTransient(RpcOutcome outcome) => outcome
        is RpcOutcome.NotYet or RpcOutcome.RateLimited or RpcOutcome.Unavailable or RpcOutcome.Unreachable
        or RpcOutcome.NoAnswer or RpcOutcome.Truncated or RpcOutcome.NotJson;

    /// <summary>Whether it says something about the endpoint rather than about what was asked for.</summary>
    public static bool IsEndpoint(RpcOutcome outcome) => outcome
        is RpcOutcome.RateLimited or RpcOutcome.Unavailable or RpcOutcome.Unreachable or RpcOutcome.NoAnswer
        or RpcOutcome.NotJson or RpcOutcome.Redirected or RpcOutcome.Unauthorized;
}
