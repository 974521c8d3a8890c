using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Storage.Blobs;

/// <summary>Gives a file a second name, unless somebody has that name: the one step that <see cref="File.Move(string, string, bool)"/> makes two of on Unix.</summary>
internal static partial class HardLink
{
    /// <summary>What came of it.</summary>
    internal enum Result
    {
        Made,
        Exists,
        Unsupported,
    }

    /// <exception cref="IOException">The system refused for another reason.</exception>
    public static Result TryMake(string existing, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return Result.Unsupported;
        }

        if (Link(existing, name) == 0)
        {
            return Result.Made;
        }

        // errno(3): EPERM 1 and EEXIST 17 everywhere; EOPNOTSUPP 95 and ENOSYS 38 on Linux, ENOTSUP 45 and EOPNOTSUPP 102 on macOS. A file system without links says one of
        // the others.
        var code = Marshal.GetLastPInvokeError();
        return code switch
        {
            17 => Result.Exists,
            1 or 38 or 45 or 95 or 102 => Result.Unsupported,
            _ => throw new IOException($"'{existing}' cannot be linked as '{name}': {new Win32Exception(code).Message} (error {code})."),
        };
    }

    // link(2)
    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existing, string name);
}
