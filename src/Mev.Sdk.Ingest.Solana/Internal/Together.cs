namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Runs a main loop and a helper beside it.</summary>
internal static class Together
{
    /// <summary>Ends with the main loop; a helper that fails ends the main loop, and its failure is thrown.</summary>
    public static async Task RunAsync(Func<CancellationToken, Task> main, Func<CancellationToken, Task> helper, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var helping = helper(both.Token);
        var running = main(both.Token);
        var first = await Task.WhenAny(running, helping).ConfigureAwait(false);
        await both.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(Quiet(running), Quiet(helping)).ConfigureAwait(false);
        await first.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (running.IsFaulted)
        {
            await running.ConfigureAwait(false);
        }
    }

    private static async Task Quiet(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
