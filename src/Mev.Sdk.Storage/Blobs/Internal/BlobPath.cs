namespace Mev.Sdk.Storage.Blobs;

/// <summary>Where a blob is in a folder, and that no link leads elsewhere on the way.</summary>
internal static class BlobPath
{
    /// <summary>The file of a blob whose name was checked.</summary>
    /// <exception cref="IOException">A link is in the way.</exception>
    public static string Resolve(string root, string name)
    {
        ThrowIfLink(root, name);
        return Path.Combine(root, name);
    }

    /// <summary>Whether a part of a name is a link.</summary>
    /// <param name="root">Full path of the store's folder, which may itself be one: its owner chose it.</param>
    /// <param name="name">A blob's name, or the folders in front of one.</param>
    public static bool HasLink(string root, string name) => FindLink(root, name) is not null;

    private static void ThrowIfLink(string root, string name)
    {
        if (FindLink(root, name) is { } link)
        {
            throw new IOException($"Blob '{name}': '{link}' is a link, and what it leads to is not of the store in '{root}'. Put the files themselves there.");
        }
    }

    private static string? FindLink(string root, string name)
    {
        for (var end = name.IndexOf('/'); ; end = name.IndexOf('/', end + 1))
        {
            var path = Path.Combine(root, end < 0 ? name : name[..end]);
            if (name.Length > 0 && new FileInfo(path).LinkTarget is not null)
            {
                return path;
            }

            if (end < 0 || end == name.Length - 1)
            {
                return null;
            }
        }
    }
}
