using System.Globalization;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Benchmarks.Scorecard;

/// <summary>Keeps this process on one core, where the system can do that.</summary>
internal static partial class OneCore
{
    /// <summary>Pins every thread; those that come later inherit it.</summary>
    /// <returns>False where it is not possible: then the process has all cores.</returns>
    public static bool TryPin()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        var mask = 1UL << Math.Min(63, Environment.ProcessorCount - 1);
        var pinned = true;
        foreach (var thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            pinned &= SetAffinity(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), sizeof(ulong), ref mask) == 0;
        }

        return pinned;
    }

    // sched_setaffinity(2); it takes a thread's id.
    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAffinity(int thread, nuint maskBytes, ref ulong mask);
}
