using System.IO.Compression;
using System.Text.Json;
using Mev.Sdk.Integration.Tests.Readme;

namespace Mev.Sdk.Integration.Tests.Packaging;

/// <summary>The packages as a user gets them: packed, restored into a project outside the checkout, compiled against, run.</summary>
[Trait("Needs", "pack")]
[Collection(nameof(CurrentFolder))]
public sealed class PackagingTests
{
    private static readonly string[] Names =
        [.. Directory.EnumerateDirectories(Path.Combine(RepositoryFolder.Root, "src")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Packages_restore_into_a_fresh_project_that_runs_the_readme_example()
    {
        using var folder = new TemporaryFolder();
        var feed = folder.Sub("feed");
        await PackAsync(feed);
        Assert.Equal(Names, Directory.EnumerateFiles(feed, "*.nupkg").Select(IdOf).Order(StringComparer.Ordinal));
        Assert.All(Directory.EnumerateFiles(feed, "*.nupkg"), HoldsWhatAPackageShips);

        // Its own package folder, so that no package of an earlier run can stand in; what others publish comes from the machine's folder, if it is there.
        var packages = folder.Sub("packages");
        var project = folder.Sub("project");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["NUGET_PACKAGES"] = packages };
        await WriteProjectAsync(project, feed);
        await DotnetCommand.RunAsync(project, environment, "build", "-c", "Release", "--tl:off");
        Assert.All(Names, name => Assert.Equal(feed, SourceOf(packages, name)));

        var output = await DotnetCommand.RunAsync(project, environment, "run", "-c", "Release", "--no-build");
        Assert.Contains(await CurrentFolder.RunExampleAsync(), output, StringComparison.Ordinal);
    }

    // Packs what was built with these tests: compiling again would test another build.
    private static Task PackAsync(string feed) =>
        DotnetCommand.RunAsync(
            RepositoryFolder.Root,
            new Dictionary<string, string>(StringComparer.Ordinal),
            "pack", "Mev.Sdk.sln", "-c", RepositoryFolder.Configuration, "--no-build", "-o", feed, "--tl:off");

    private static async Task WriteProjectAsync(string project, string feed)
    {
        var version = VersionOf(feed);
        var references = string.Join("\n", Names.Select(name => $"    <PackageReference Include=\"{name}\" Version=\"[{version}]\" />"));
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), Snippets.InReadme("README.md").Single().Code);
        await File.WriteAllTextAsync(Path.Combine(project, "project.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <UseSharedCompilation>false</UseSharedCompilation>
                <NoWarn>$(NoWarn);NU1603</NoWarn>
              </PropertyGroup>
              <ItemGroup>
            {references}
                <PackageReference Include="Microsoft.Extensions.Hosting" Version="{CentralVersion("Microsoft.Extensions.Hosting")}" />
              </ItemGroup>
            </Project>
            """);

        // Beside the sources that the machine is configured with, which this file does not name and does not clear.
        await File.WriteAllTextAsync(Path.Combine(project, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed-by-this-test" value="{feed}" />
              </packageSources>
              <fallbackPackageFolders>
                <add key="machine" value="{MachinePackages()}" />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    private static string MachinePackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } configured
            ? configured
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string CentralVersion(string package) =>
        System.Xml.Linq.XDocument.Load(Path.Combine(RepositoryFolder.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .Single(element => element.Attribute("Include")!.Value == package).Attribute("Version")!.Value;

    private static void HoldsWhatAPackageShips(string path)
    {
        using var package = ZipFile.OpenRead(path);
        var id = IdOf(path);
        string[] wanted = ["README.md", "CHANGELOG.md", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"];
        Assert.Empty(wanted.Except(package.Entries.Select(entry => entry.FullName), StringComparer.Ordinal));
    }

    // Where NuGet says it took the package from.
    private static string SourceOf(string packages, string name)
    {
        var folder = Path.Combine(packages, name.ToLowerInvariant());
        Assert.True(Directory.Exists(folder), $"{name} was not restored into the test's own package folder: an older copy stood in.");
        using var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(Directory.EnumerateDirectories(folder).Single(), ".nupkg.metadata")));
        return metadata.RootElement.GetProperty("source").GetString()!;
    }

    private static string VersionOf(string feed) =>
        Path.GetFileNameWithoutExtension(Directory.EnumerateFiles(feed, "Mev.Sdk.Core.*.nupkg").Single())["Mev.Sdk.Core.".Length..];

    // Mev.Sdk.Core.0.1.0-alpha.1.nupkg: the id ends where the version's first digit begins.
    private static string IdOf(string path)
    {
        var parts = Path.GetFileNameWithoutExtension(path).Split('.');
        return string.Join('.', parts.TakeWhile(part => !char.IsAsciiDigit(part[0])));
    }
}
