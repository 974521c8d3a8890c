using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Models.LightGbm.Internal;

/// <summary>Finds the native library where NuGet puts it, and tells a person what is missing when it does not load.</summary>
internal static class NativeLoader
{
    private static readonly Lazy<(nint Handle, string? Reason)> Loaded = new(Load);

    static NativeLoader() => NativeLibrary.SetDllImportResolver(typeof(NativeLoader).Assembly, Resolve);

    public static bool IsAvailable([NotNullWhen(false)] out string? reason)
    {
        reason = Loaded.Value.Reason;
        return reason is null;
    }

    /// <summary>To be called before the first native call of a thread; LightGBM keeps its log callback a thread.</summary>
    public static unsafe void Prepare()
    {
        if (!IsAvailable(out var reason))
        {
            throw new InvalidOperationException(reason);
        }

        NativeError.ThrowIfFailed(NativeMethods.LGBM_RegisterLogCallback(&Discard), "registering the log callback");
    }

    internal static string Explain(string message) =>
        message.Contains("libgomp", StringComparison.Ordinal)
            ? $"LightGBM needs the OpenMP runtime libgomp.so.1, which is not on this machine: install the package libgomp1 (apt-get install libgomp1). Training is off; everything else runs. ({message})"
            : message.Contains("libomp", StringComparison.Ordinal)
                ? $"LightGBM needs the OpenMP runtime libomp, which is not on this machine: brew install libomp. Training is off; everything else runs. ({message})"
                : $"LightGBM's native library could not be loaded for {RuntimeInformation.RuntimeIdentifier}; the package LightGBM brings it for linux-x64, osx-x64 and win-x64. Training is off; everything else runs. ({message})";

    private static (nint Handle, string? Reason) Load()
    {
        var problem = string.Empty;
        try
        {
            // The usual way: the host's dependency file knows where NuGet put it.
            return (NativeLibrary.Load(NativeMethods.Library, typeof(NativeLoader).Assembly, searchPath: null), null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            problem = e.Message;
        }

        // A copied application keeps the folder layout but not always the dependency file.
        foreach (var path in Candidates())
        {
            if (File.Exists(path) && NativeLibrary.TryLoad(path, out var handle))
            {
                return (handle, null);
            }
        }

        return (0, Explain(problem));
    }

    private static IEnumerable<string> Candidates()
    {
        var (rid, file) = OperatingSystem.IsWindows() ? ("win-x64", "lib_lightgbm.dll")
            : OperatingSystem.IsMacOS() ? ("osx-x64", "lib_lightgbm.dylib")
            : ("linux-x64", "lib_lightgbm.so");
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", rid, "native", file);
        yield return Path.Combine(AppContext.BaseDirectory, file);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        string.Equals(name, NativeMethods.Library, StringComparison.Ordinal) && Loaded.IsValueCreated ? Loaded.Value.Handle : 0;

    // What matters comes back as an error; the library must not write to the host's console.
    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static unsafe void Discard(byte* message)
    {
    }
}
