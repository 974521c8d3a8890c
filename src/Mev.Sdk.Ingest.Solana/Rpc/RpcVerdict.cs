namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>How a request went.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Problem">In words, without secrets; empty when all is well.</param>
/// <param name="RetryAfter">How long the node asked to wait.</param>
internal readonly record struct RpcVerdict(RpcOutcome Outcome, string Problem = "", TimeSpan? RetryAfter = null)
{
    public bool IsOk => Outcome == RpcOutcome.Ok;
}
