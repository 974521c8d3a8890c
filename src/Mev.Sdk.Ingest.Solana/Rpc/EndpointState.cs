using Mev.Sdk.Ingest.Solana.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Rpc;

/// <summary>Whether an endpoint answers: tells it once when it stops and once when it begins again, and waits in between.</summary>
internal sealed class EndpointState(string name, RpcClient client, TimeSpan pause, SourceWatch watch, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private int _failures;

    /// <summary>An answer came.</summary>
    public void Answered()
    {
        if (_failures > 0)
        {
            Log.SourceRecovered(logger, name, client.Display);
        }

        _failures = 0;
        watch.OnHeard();
        watch.SetState(SourceState.Connected, "");
    }

    /// <summary>No answer came that is of use: waits, longer each time.</summary>
    public Task FailedAsync(RpcVerdict verdict, CancellationToken cancellationToken)
    {
        if (_failures++ == 0)
        {
            Log.SourceStalled(logger, name, client.Display, verdict.Problem);
        }

        watch.SetState(SourceState.Disconnected, verdict.Problem);
        var delay = pause * Math.Pow(2, Math.Min(_failures, 16));
        delay = delay < LongestPause ? delay : LongestPause;
        return Task.Delay(verdict.RetryAfter is { } asked && asked > delay ? asked : delay, time, cancellationToken);
    }

    /// <summary>Asks until there is an answer.</summary>
    public async Task<T> UntilAnsweredAsync<T>(Func<Task<(RpcVerdict Verdict, T Value)>> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (verdict, value) = await ask().ConfigureAwait(false);
            if (verdict.IsOk)
            {
                Answered();
                return value;
            }

            await FailedAsync(verdict, cancellationToken).ConfigureAwait(false);
        }
    }
}
