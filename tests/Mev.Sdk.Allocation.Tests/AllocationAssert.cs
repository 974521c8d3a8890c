namespace Mev.Sdk.Allocation.Tests;

/// <summary>Measures what a piece of code allocates on this thread once it is warm.</summary>
internal static class AllocationAssert
{
    private const int Rounds = 200;

    public static long Measure(Action action)
    {
        // Warm: tiering, statics, pools.
        for (var i = 0; i < Rounds; i++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            action();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }

    public static void None(Action action) => Assert.Equal(0, Measure(action));
}
