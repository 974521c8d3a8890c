using System.Diagnostics;
using System.Xml.Linq;

namespace Mev.Sdk.Architecture.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Release or Debug: what the tests themselves were built as, and so the packages they look at.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static IReadOnlyList<Package> Packages { get; } =
        [.. Directory.EnumerateDirectories(Path.Combine(Root, "src")).Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any()).Order(StringComparer.Ordinal).Select(folder => new Package(folder))];

    /// <summary>What git tracks or would track, relative to the root; build output is neither.</summary>
    public static IReadOnlyList<string> TrackedFiles { get; } = ListTrackedFiles();

    public static TheoryData<string> PackageNames => [.. Packages.Select(package => package.Name)];

    public static Package Find(string name) => Packages.Single(package => package.Name == name);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static XDocument Xml(string relative) => XDocument.Load(PathOf(relative));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Mev.Sdk.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No Mev.Sdk.sln above {AppContext.BaseDirectory}: run these tests from a checkout.");
    }

    private static List<string> ListTrackedFiles()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"]) { WorkingDirectory = Root, RedirectStandardOutput = true };
        using var git = Process.Start(start) ?? throw new InvalidOperationException("git did not start.");
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, "git ls-files failed: the rules about committed files need a git checkout.");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(PathOf(path))).Distinct(StringComparer.Ordinal)];
    }
}
