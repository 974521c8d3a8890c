namespace Mev.Sdk.Architecture.Tests;

public sealed class SourceShapeTests
{
    /// <summary>Types that may share a file with another, each with the reason.</summary>
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal);

    public static TheoryData<string> Names => Repository.PackageNames;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_source_file_keeps_the_rules(string name)
    {
        var package = Repository.Find(name);
        var violations = package.SourceFiles
            .Where(path => !Allowed.ContainsKey($"{name}/{path}"))
            .SelectMany(path => SourceRules.Violations(path, File.ReadAllText(Path.Combine(package.Folder, path))));
        Assert.Empty(violations);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Half_of_the_source_files_are_under_a_hundred_lines(string name)
    {
        var package = Repository.Find(name);
        var lines = package.SourceFiles.Select(path => File.ReadLines(Path.Combine(package.Folder, path)).Count()).Order().ToList();
        Assert.True(lines.Count == 0 || lines[lines.Count / 2] < 100, $"{name}: the median file has {lines.ElementAtOrDefault(lines.Count / 2)} lines.");
    }

    [Theory]
    [InlineData("A.cs", "namespace N;\npublic sealed class A;\npublic enum B { }\n", "more than one top-level type (A, B)")]
    [InlineData("A.cs", "namespace N;\npublic readonly record struct A(int X);\ninternal delegate void B(int x);\n", "more than one top-level type (A, B)")]
    [InlineData("A.cs", "namespace N {\n}\npublic sealed class A;\n", "no file-scoped namespace")]
    [InlineData("A/B/C/D.cs", "", "3 folders deep")]
    [InlineData("A.cs", "namespace N;\n    #region x\n", "#region")]
    [InlineData("A.cs", "namespace N;\n// TO" + "DO later\n", "unfinished work")]
    public void Violations_of_a_bad_file_name_the_rule(string path, string text, string expected) =>
        Assert.Contains(SourceRules.Violations(path, text), violation => violation.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Violations_of_a_long_file_name_its_length() =>
        Assert.Contains("501 lines", Assert.Single(SourceRules.Violations("A.cs", new string('\n', 501))), StringComparison.Ordinal);

    [Fact]
    public void Violations_of_a_good_file_are_none() =>
        Assert.Empty(SourceRules.Violations("Wire/A.cs", "namespace N;\n/// <summary>Classes and structs.</summary>\npublic static partial class A\n{\n    private enum B { }\n}\n"));
}
