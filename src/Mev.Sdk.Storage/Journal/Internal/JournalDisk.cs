using Mev.Sdk.Storage.Internal;

namespace Mev.Sdk.Storage.Journal;

/// <summary>The file system as the journal uses it; tests replace it by one that fails, fills up or loses its power.</summary>
internal class JournalDisk
{
    /// <summary>The operating system's.</summary>
    public static JournalDisk System { get; } = new();

    public virtual void CreateDirectory(string path) => Folders.Create(path, "the journal");

    public virtual IDisposable Lock(string path, string what) => ExclusiveLock.Acquire(path, what);

    /// <summary>Opens a file to write and read it.</summary>
    public virtual JournalFile Open(string path, FileMode mode) => new DiskFile(path, mode, FileAccess.ReadWrite);

    /// <summary>Opens a file that another process may be writing.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public virtual JournalFile OpenRead(string path) => new DiskFile(path, FileMode.Open, FileAccess.Read);

    public virtual bool Exists(string path) => File.Exists(path);

    /// <summary>Full paths of the files with an extension, in no order.</summary>
    public virtual IEnumerable<string> List(string directory, string extension) => Directory.EnumerateFiles(directory, "*" + extension);

    public virtual void Move(string from, string to) => File.Move(from, to, overwrite: false);

    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Makes creations, renames and deletions within a folder durable.</summary>
    public virtual void SyncDirectory(string directory) => DirectorySync.Flush(directory);

    /// <summary>Whether a write failed for want of space only, and may succeed later.</summary>
    public static bool IsFull(Exception e)
    {
        // .NET gives errno on Unix (28 = ENOSPC everywhere; EDQUOT is 122 on Linux, 69 on macOS), and an HRESULT on Windows
        // (ERROR_HANDLE_DISK_FULL 39, ERROR_DISK_FULL 112, ERROR_DISK_QUOTA_EXCEEDED 1295).
        if (e is not IOException)
        {
            return false;
        }

        return e.HResult switch
        {
            28 => !OperatingSystem.IsWindows(),
            122 => OperatingSystem.IsLinux(),
            69 => OperatingSystem.IsMacOS(),
            unchecked((int)0x80070027) or unchecked((int)0x80070070) or unchecked((int)0x8007050F) => true,
            _ => false,
        };
    }
}
