namespace Mev.Sdk.Architecture.Tests;

public sealed class ArrowTests
{
    public static TheoryData<string> Names => Repository.PackageNames;

    [Fact]
    public void Map_names_exactly_the_packages_there_are() =>
        Assert.Equal(PackageMap.Knows.Keys.Order(StringComparer.Ordinal), Repository.Packages.Select(package => package.Name));

    [Fact]
    public void Map_has_no_cycle() =>
        Assert.All(PackageMap.Knows.Keys, package => Assert.DoesNotContain(package, PackageMap.Closure(package)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Project_references_follow_the_arrows(string name) =>
        Assert.Empty(Repository.Find(name).ProjectReferences.Except(PackageMap.Knows[name], StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Compiled_references_follow_the_arrows(string name)
    {
        var references = Repository.Find(name).Load().GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.Empty(references.Where(reference => reference.StartsWith("Mev.", StringComparison.Ordinal)).Except(PackageMap.Closure(name), StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Internals_are_visible_to_tests_and_benchmarks_only(string name)
    {
        string[] allowed = [name + ".Tests", "Mev.Sdk.Allocation.Tests", "Mev.Sdk.Benchmarks"];
        var friends = Repository.Find(name).Load()
            .GetCustomAttributes(typeof(System.Runtime.CompilerServices.InternalsVisibleToAttribute), inherit: false)
            .Select(attribute => ((System.Runtime.CompilerServices.InternalsVisibleToAttribute)attribute).AssemblyName);
        Assert.Empty(friends.Except(allowed, StringComparer.Ordinal));
    }

    [Fact]
    public void Engine_simulator_knows_what_an_engine_needs_and_no_more()
    {
        string[] allowed = ["Mev.Sdk.Core", "Mev.Sdk.Solana", "Mev.Sdk.Ingest", "Mev.Sdk.Ingest.Solana", "Mev.Sdk.Simulation"];
        var project = Repository.Xml("samples/EngineSimulator/EngineSimulator.csproj");
        var references = project.Descendants("ProjectReference").Select(element => Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value));
        Assert.Empty(references.Except(allowed, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Repository.PathOf("Mev.Sdk.sln")).Replace('\\', '/');
        Assert.DoesNotContain(Repository.TrackedFiles, path => path.EndsWith(".csproj", StringComparison.Ordinal) && !solution.Contains(path, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_package_has_its_tests(string name) =>
        Assert.True(File.Exists(Repository.PathOf($"tests/{name}.Tests/{name}.Tests.csproj")), $"tests/{name}.Tests is missing.");
}
