namespace Mev.Sdk.Benchmarks.Data;

/// <summary>Where the repository is that this program was built in.</summary>
internal static class RepositoryFolder
{
    /// <summary>The folder of the solution, or null when the program runs elsewhere.</summary>
    public static string? Path { get; } = Find();

    private static string? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Mev.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
