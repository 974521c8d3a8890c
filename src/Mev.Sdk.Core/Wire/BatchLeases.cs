namespace Mev.Sdk.Wire;

/// <summary>A debug mode that finds batches which were dropped without being released, and says where they came from.</summary>
/// <remarks>
/// <para>Off by default, when it costs one look at a flag a batch. On, every batch records the stack that made it and the stacks that retained it
/// (tens of microseconds a batch), and one that is garbage-collected with references left is reported by <see cref="Leaked"/>.</para>
/// <para>Switched on by the AppContext switch <c>Mev.Sdk.TrackLeases</c> (in runtimeconfig.json, or by <c>AppContext.SetSwitch</c> before the first
/// batch), by the environment variable <c>MEV_TRACK_LEASES=1</c>, or by setting <see cref="IsTracking"/>. Thread-safe.</para>
/// </remarks>
public static class BatchLeases
{
    /// <summary>The AppContext switch.</summary>
    public const string Switch = "Mev.Sdk.TrackLeases";

    /// <summary>The environment variable; 1 or true switches tracking on.</summary>
    public const string Variable = "MEV_TRACK_LEASES";

    private static long _leaks;

    /// <summary>Raised for every leaked batch, on the finalizer's thread: return quickly. What a handler throws is swallowed.</summary>
#pragma warning disable MA0046 // There is no sender: the batch is gone.
    public static event Action<BatchLeak>? Leaked;
#pragma warning restore MA0046

    /// <summary>Whether batches made from now on are tracked. Default false, unless the switch or the variable says otherwise.</summary>
    public static bool IsTracking { get; set; } = ReadDefault();

    /// <summary>Leaks found since the process started.</summary>
    public static long LeakCount => Interlocked.Read(ref _leaks);

    internal static void Report(BatchLeak leak)
    {
        Interlocked.Increment(ref _leaks);
        try
        {
            Leaked?.Invoke(leak);
        }
        catch (Exception)
        {
            // An exception on the finalizer's thread would end the process; a debug aid must not.
        }
    }

    private static bool ReadDefault() =>
        AppContext.TryGetSwitch(Switch, out var on)
            ? on
            : Environment.GetEnvironmentVariable(Variable) is "1" or "true" or "True" or "TRUE";
}
