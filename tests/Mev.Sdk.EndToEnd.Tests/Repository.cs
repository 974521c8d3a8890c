namespace Mev.Sdk.EndToEnd.Tests;

/// <summary>Finds the repository from where the tests run.</summary>
internal static class Repository
{
    /// <summary>The folder of the documentation's pictures; made when it is missing.</summary>
    public static string Images()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        return Directory.CreateDirectory(Path.Combine(folder!.FullName, "docs", "images")).FullName;
    }
}
