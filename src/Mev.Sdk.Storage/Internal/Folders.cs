namespace Mev.Sdk.Storage.Internal;

/// <summary>Makes folders, and says why when it cannot.</summary>
internal static class Folders
{
    /// <exception cref="IOException">The folder is not there and cannot be made.</exception>
    public static void Create(string path, string what)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The folder '{path}' for {what} cannot be made ({e.Message}). Make it writable for this user, or use another directory (Mev:DataDirectory).", e);
        }
    }
}
