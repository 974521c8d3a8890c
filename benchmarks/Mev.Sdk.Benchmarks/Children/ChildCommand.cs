namespace Mev.Sdk.Benchmarks.Children;

/// <summary>What this program does when the scorecard starts it a second time, so that a load generator or a measured process has a process of its own.</summary>
internal static class ChildCommand
{
    /// <summary>The first argument of a child.</summary>
    public const string Verb = "child";

    public static async Task<int> RunAsync(string[] args)
    {
        using var stopping = new CancellationTokenSource();

        // The parent holds the other end: when it closes it, or dies, the child ends.
        _ = Task.Run(() =>
        {
            while (Console.In.ReadLine() is not null)
            {
            }

            stopping.Cancel();
        });
        switch (args)
        {
            case [PublisherChild.Name, var framesFile, .. var endpoints]:
                await PublisherChild.RunAsync(framesFile, endpoints, Console.Out, stopping.Token).ConfigureAwait(false);
                return 0;
            case [SlowConsumerChild.Name, var endpoint, var seconds]:
                await SlowConsumerChild.RunAsync(endpoint, int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture), Console.Out, stopping.Token).ConfigureAwait(false);
                return 0;
            case [JournalChild.Name, var framesFile, var folder]:
                await JournalChild.RunAsync(framesFile, folder, Console.Out).ConfigureAwait(false);
                return 0;
            case [ClickHouseChild.Name, var library, var folder, var scriptFile]:
                await ClickHouseChild.RunAsync(library, folder, scriptFile, Console.Out).ConfigureAwait(false);
                return 0;
            default:
                await Console.Error.WriteLineAsync($"no child is called {string.Join(' ', args)}").ConfigureAwait(false);
                return 2;
        }
    }
}
