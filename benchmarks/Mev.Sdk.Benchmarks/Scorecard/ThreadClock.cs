using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Benchmarks.Scorecard;

/// <summary>Time that this thread has run, where the system tells; on a shared machine the time it waited for a core says nothing about the code.</summary>
internal static partial class ThreadClock
{
    // clock_gettime(2) on Linux.
    private const int ThreadCpuTime = 3;

    /// <summary>Nanoseconds of this thread's own running time on Linux, of the wall clock elsewhere.</summary>
    public static double Nanoseconds() =>
        OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out var time) == 0
            ? (time.Seconds * 1e9) + time.Nanoseconds
            : Stopwatch.GetElapsedTime(0).TotalNanoseconds;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
