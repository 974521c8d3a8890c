using System.Diagnostics;

namespace Mev.Sdk.Storage.ClickHouse.Tests;

/// <summary>Waits for what happens on another thread; the limit only keeps a broken test from hanging.</summary>
internal static class Poll
{
    public static async Task UntilAsync(Func<bool> condition, Func<Exception?>? error = null)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            if (waited.Elapsed > TimeSpan.FromSeconds(60))
            {
                Assert.Fail($"Not reached within a minute. {error?.Invoke()}");
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
