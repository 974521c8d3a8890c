using System.Diagnostics;

namespace Mev.Sdk.Native.Tests.Support;

/// <summary>Waits for what must come, with a limit that only a hang reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task BecomesAsync(Func<bool> condition, Func<string> describe)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Limit, describe());
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
