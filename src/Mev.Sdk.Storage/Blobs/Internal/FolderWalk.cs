namespace Mev.Sdk.Storage.Blobs;

/// <summary>Files below a folder, ascending by ordinal name, one folder's entries in memory at a time for each level.</summary>
internal static class FolderWalk
{
    // Links are not followed, and not shown: what they lead to is not in this folder.
    private static readonly EnumerationOptions Options = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false, MatchType = MatchType.Simple };

    /// <param name="root">Full path of the store's folder.</param>
    /// <param name="prefix">What names begin with.</param>
    /// <returns>Names with their files.</returns>
    public static IEnumerable<(string Name, FileInfo File)> Files(string root, string prefix)
    {
        // Everything up to the last slash is a folder that all of them are in.
        var start = prefix[..(prefix.LastIndexOf('/') + 1)];
        return BlobPath.HasLink(root, start) ? [] : Below(new DirectoryInfo(Path.Combine(root, start)), start, prefix);
    }

    private static IEnumerable<(string Name, FileInfo File)> Below(DirectoryInfo folder, string start, string prefix)
    {
        foreach (var (name, entry) in Entries(folder, start, prefix))
        {
            if (entry is FileInfo file)
            {
                yield return (name, file);
                continue;
            }

            foreach (var found in Below((DirectoryInfo)entry, name, prefix))
            {
                yield return found;
            }
        }
    }

    // A folder sorts as its name with the slash behind it: 'a-b' comes before 'a/b', and that before 'ab'.
    private static List<(string Name, FileSystemInfo Entry)> Entries(DirectoryInfo folder, string start, string prefix)
    {
        var entries = new List<(string Name, FileSystemInfo Entry)>();
        try
        {
            foreach (var entry in folder.EnumerateFileSystemInfos("*", Options))
            {
                var isFolder = entry is DirectoryInfo;
                var name = start + entry.Name + (isFolder ? "/" : "");
                var wanted = name.StartsWith(prefix, StringComparison.Ordinal) || (isFolder && prefix.StartsWith(name, StringComparison.Ordinal));
                if (wanted && BlobName.IsValid(entry.Name))
                {
                    entries.Add((name, entry));
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Not made yet, or gone meanwhile: there is nothing in it.
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The folder '{folder.FullName}' cannot be listed: {e.Message.TrimEnd('.')}. Give this user the right to read it.", e);
        }

        entries.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return entries;
    }
}
