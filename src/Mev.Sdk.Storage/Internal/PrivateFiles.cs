namespace Mev.Sdk.Storage.Internal;

/// <summary>Opens files that, when they are made, belong to this user alone (0600 on Unix). Files that are there already keep their rights: somebody may have widened them on purpose.</summary>
internal static class PrivateFiles
{
    /// <summary>Opens without a buffer of .NET's own.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
