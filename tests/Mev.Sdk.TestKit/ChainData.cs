namespace Mev.Sdk.TestKit;

/// <summary>Finds the real chain data that the repository does not carry.</summary>
public static class ChainData
{
    /// <summary>Environment variable that names the folder.</summary>
    public const string Variable = "MEV_DATA_DIR";

    /// <summary>Why a test that wants the data is skipped.</summary>
    public static string MissingReason { get; } =
        $"Needs the folder of real chain data: set {Variable}, or put it at ../shared/data beside the repository.";

    /// <summary>The folder, or null.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>A file of the folder, or null when it is missing.</summary>
    /// <param name="relative">Its path below the folder.</param>
    /// <returns>Its full path.</returns>
    public static string? File(string relative) =>
        Folder is { } folder && System.IO.File.Exists(Path.Combine(folder, relative)) ? Path.Combine(folder, relative) : null;

    /// <summary>Files of a subfolder by name; none when the data is missing.</summary>
    /// <param name="relative">The subfolder.</param>
    /// <param name="pattern">Which files.</param>
    /// <returns>Full paths in ordinal order.</returns>
    public static IReadOnlyList<string> Files(string relative, string pattern = "*")
    {
        if (Folder is not { } folder || !Directory.Exists(Path.Combine(folder, relative)))
        {
            return [];
        }

        var files = Directory.GetFiles(Path.Combine(folder, relative), pattern);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return Directory.Exists(Path.Combine(named, "solana")) ? named : null;
        }

        // From the test's output folder up to the repository's root, and from there to its neighbour.
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
            {
                var candidate = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
                return Directory.Exists(candidate) ? candidate : null;
            }
        }

        return null;
    }
}
