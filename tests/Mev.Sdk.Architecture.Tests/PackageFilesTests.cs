namespace Mev.Sdk.Architecture.Tests;

public sealed class PackageFilesTests
{
    public static TheoryData<string> Names => Repository.PackageNames;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_package_carries_its_files(string name)
    {
        string[] files = ["README.md", "CHANGELOG.md", "PublicAPI.Shipped.txt", "PublicAPI.Unshipped.txt"];
        var folder = Repository.Find(name).Folder;
        Assert.DoesNotContain(files, file => !File.Exists(Path.Combine(folder, file)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_readme_has_a_title_an_install_line_and_a_sample(string name)
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Find(name).Folder, "README.md"));
        Assert.StartsWith($"# {name}\n", readme, StringComparison.Ordinal);
        Assert.Contains($"dotnet add package {name}", readme, StringComparison.Ordinal);
        Assert.Contains("```csharp", readme, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_changelog_starts_with_the_current_version(string name)
    {
        var changelog = File.ReadAllText(Path.Combine(Repository.Find(name).Folder, "CHANGELOG.md"));
        var version = Repository.Xml("eng/Common.props").Descendants("VersionPrefix").Single().Value;
        var first = changelog.Split('\n').First(line => line.StartsWith("## ", StringComparison.Ordinal));
        Assert.StartsWith("## " + version, first, StringComparison.Ordinal);
    }
}
