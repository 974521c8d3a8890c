using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Makes a folder's entries durable: the one thing that .NET has no call for.</summary>
internal static partial class DirectorySync
{
    /// <summary>Syncs a folder on Unix; elsewhere the file system's own journal orders a rename, and nothing is done.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // POSIX: open(path, O_RDONLY) works on a directory, and O_RDONLY is 0 on every Unix .NET runs on.
        var descriptor = Open(directory, 0);
        if (descriptor < 0)
        {
            throw Error("open", directory);
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw Error("sync", directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Error(string what, string directory)
    {
        var code = Marshal.GetLastPInvokeError();
        return new IOException($"Cannot {what} the folder '{directory}': {new Win32Exception(code).Message} (error {code}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
