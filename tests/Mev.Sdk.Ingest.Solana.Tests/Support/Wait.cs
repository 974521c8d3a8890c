namespace Mev.Sdk.Ingest.Solana.Tests.Support;

/// <summary>Waits for what must come, generously: the machine may be slow.</summary>
internal static class Wait
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(started) < Long, $"This did not happen: {what}.");
            await Task.Delay(10);
        }
    }

    /// <summary>Runs a source until a condition holds, then stops it and waits for its end.</summary>
    public static async Task RunAsync(IRecordSource source, IRecordIntake intake, Func<bool> until, string what)
    {
        using var stop = new CancellationTokenSource();
        var running = source.RunAsync(intake, stop.Token);
        var reached = false;
        try
        {
            await UntilAsync(() => (reached = until()) || running.IsCompleted, what);
        }
        finally
        {
            await stop.CancelAsync();
            await running.WaitAsync(Long);
        }

        Assert.True(reached || until(), what);
    }
}
