using Mev.Sdk.Storage.Internal;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>The file in which the sealer puts an object together: one, always from its start, so that a process that was killed leaves nothing that grows.</summary>
internal sealed class ArchiveSpool : IDisposable
{
    private const string FileName = "object.tmp";

    private readonly FileStream _file;

    private ArchiveSpool(FileStream file) => _file = file;

    public Stream Stream => _file;

    /// <exception cref="IOException">The folder cannot be made, or another sealer uses it.</exception>
    public static ArchiveSpool Open(string directory)
    {
        var full = Path.GetFullPath(directory);
        Folders.Create(full, "archive objects that are being put together");
        var path = Path.Combine(full, FileName);
        try
        {
            // FileShare.None is a lock that the operating system lets go of when this process dies.
            return new ArchiveSpool(new FileStream(path, Options()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The archive cannot use '{path}' ({e.Message}). Another host may be sealing with it: give each its own Mev:Storage:Archive:SpoolDirectory.", e);
        }
    }

    /// <summary>Begins with an empty file.</summary>
    public Stream Restart()
    {
        _file.SetLength(0);
        _file.Position = 0;
        return _file;
    }

    public void Dispose() => _file.Dispose();

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 << 16, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
