namespace Mev.Sdk.Storage.Internal;

/// <summary>Makes folders, and says why when it cannot.</summary>
internal static class Folders
{
    /// <summary>Makes a folder for this user alone (0700 on Unix); one that is there keeps its rights, which somebody may have widened on purpose.</summary>
    /// <exception cref="IOException">The folder is not there and cannot be made.</exception>
    public static void Create(string path, string what)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The folder '{path}' for {what} cannot be made ({e.Message}). Make it writable for this user, or use another directory (Mev:DataDirectory).", e);
        }
    }
}
