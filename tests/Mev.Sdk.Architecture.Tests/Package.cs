using System.Reflection;
using System.Xml.Linq;

namespace Mev.Sdk.Architecture.Tests;

/// <summary>A library under src/, as its project file and its folder tell.</summary>
internal sealed class Package(string folder)
{
    private readonly XDocument _project = XDocument.Load(Directory.EnumerateFiles(folder, "*.csproj").Single());

    public string Name { get; } = Path.GetFileName(folder);

    public string Folder { get; } = folder;

    public IEnumerable<string> ProjectReferences => References("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    public IEnumerable<string> PackageReferences => References("PackageReference");

    public bool IsAotCompatible => _project.Descendants("IsAotCompatible").LastOrDefault()?.Value != "false";

    public string AssetsFile => Path.Combine(Folder, "obj", "project.assets.json");

    public string DocumentationFile => Path.Combine(Folder, "bin", Repository.Configuration, "net10.0", Name + ".xml");

    public Assembly Load() => Assembly.Load(Name);

    /// <summary>Sources that people wrote, relative to the package.</summary>
    public IEnumerable<string> SourceFiles =>
        Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal));

    private IEnumerable<string> References(string item) => _project.Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
