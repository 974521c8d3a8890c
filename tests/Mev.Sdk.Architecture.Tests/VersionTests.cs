using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mev.Sdk.Architecture.Tests;

public sealed partial class VersionTests
{
    private const string Central = "Directory.Packages.props";

    [Fact]
    public void No_project_names_a_package_version()
    {
        var offenders =
            from path in Repository.TrackedFiles
            where path != Central && (path.EndsWith(".csproj", StringComparison.Ordinal) || path.EndsWith(".props", StringComparison.Ordinal) || path.EndsWith(".targets", StringComparison.Ordinal))
            from reference in Repository.Xml(path).Descendants()
            where reference.Name.LocalName is "PackageReference" or "PackageVersion"
            where reference.Attributes().Any(attribute => attribute.Name.LocalName is "Version" or "VersionOverride") || reference.Element("Version") is not null
            select $"{path}: {reference.Attribute("Include")?.Value}";
        Assert.Empty(offenders);
    }

    [Fact]
    public void Every_central_version_is_exact()
    {
        var versions = Repository.Xml(Central).Descendants("PackageVersion").Select(element => (Name: element.Attribute("Include")!.Value, Version: element.Attribute("Version")!.Value)).ToList();
        Assert.NotEmpty(versions);
        Assert.DoesNotContain(versions, entry => !ExactVersion().IsMatch(entry.Version));
        Assert.Empty(versions.GroupBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void Every_npm_version_is_exact()
    {
        foreach (var path in Repository.TrackedFiles.Where(path => Path.GetFileName(path) == "package.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllText(Repository.PathOf(path)));
            foreach (var section in new[] { "dependencies", "devDependencies" })
            {
                if (document.RootElement.TryGetProperty(section, out var packages))
                {
                    Assert.Empty(packages.EnumerateObject().Where(package => !ExactVersion().IsMatch(package.Value.GetString()!)).Select(package => $"{path}: {package.Name} {package.Value}"));
                }
            }
        }
    }

    [Theory]
    [InlineData("10.0.15", true)]
    [InlineData("1.20.1-beta.1", true)]
    [InlineData("10.*", false)]
    [InlineData("[1.0,2.0)", false)]
    [InlineData("^4.6.1", false)]
    public void Exact_version_is_told_from_a_range(string version, bool exact) => Assert.Equal(exact, ExactVersion().IsMatch(version));

    [GeneratedRegex(@"^\d+(\.\d+){1,3}(-[0-9A-Za-z.-]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExactVersion();
}
