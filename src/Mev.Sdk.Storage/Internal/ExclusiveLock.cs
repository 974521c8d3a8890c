namespace Mev.Sdk.Storage.Internal;

/// <summary>A file held by one process; the operating system lets go of it when that process dies.</summary>
internal sealed class ExclusiveLock : IDisposable
{
    private readonly FileStream _file;

    private ExclusiveLock(FileStream file) => _file = file;

    /// <param name="path">The lock file.</param>
    /// <param name="what">What it protects, as the beginning of a sentence.</param>
    /// <exception cref="IOException">Somebody else holds it, or the file cannot be made.</exception>
    public static ExclusiveLock Acquire(string path, string what)
    {
        try
        {
            return new ExclusiveLock(PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new IOException(
                $"{what} is in use: '{path}' is held by another process or by another part of this one. Stop it first, or use another directory (Mev:DataDirectory).", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{what} cannot be opened: no right to write '{path}'. Give this user write access, or use another directory (Mev:DataDirectory).", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
