using System.Text.RegularExpressions;

namespace Mev.Sdk.Architecture.Tests;

public sealed partial class HygieneTests
{
    private static readonly HashSet<string> BinaryExtensions = new(StringComparer.OrdinalIgnoreCase) { ".png", ".jpg", ".ico", ".woff2", ".bin", ".parquet" };

    // Archive objects and what they need: the dictionaries' and keys' names have no extension.
    private static readonly string[] BinaryFolders = ["tests/golden/archive-v1/objects/", "tests/golden/archive-v1/keys/", "tests/golden/archive-v1/dictionaries/"];

    // The rules and their samples contain what they look for.
    private const string RulesThemselves = "tests/Mev.Sdk.Architecture.Tests/Hygiene";

    [Fact]
    public void No_committed_file_names_a_machine_or_a_registry()
    {
        var files = Repository.TrackedFiles.Where(path => !BinaryExtensions.Contains(Path.GetExtension(path)) && !BinaryFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)) && !path.StartsWith(RulesThemselves, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(path => HygieneRules.Violations(path, File.ReadAllText(Repository.PathOf(path)))));
    }

    [Fact]
    public void No_build_output_is_committed() =>
        Assert.DoesNotContain(Repository.TrackedFiles, path => path.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "artifacts"));

    [Fact]
    public void Every_relative_link_of_a_document_leads_somewhere()
    {
        var broken =
            from path in Repository.TrackedFiles
            where path.EndsWith(".md", StringComparison.Ordinal)
            from Match match in Link().Matches(File.ReadAllText(Repository.PathOf(path)))
            let target = match.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            let resolved = Path.Combine(Path.GetDirectoryName(Repository.PathOf(path))!, target)
            where !File.Exists(resolved) && !Directory.Exists(resolved)
            select $"{path}: {target}";
        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("see /home/ada/mev/run.sh", "path of a machine")]
    [InlineData("DATA=/ro" + "ot/data", "path of a machine")]
    [InlineData(@"C:\Users\ada\x", "path of a machine")]
    [InlineData("\"resolved\": \"https://example.org/a.tgz\"", "host of a registry")]
    [InlineData("<add key=\"a\" value=\"https://api." + "nuget.org/v3/index.json\" />", "host of a registry")]
    [InlineData("a\r\n", "carriage returns")]
    public void Violations_of_bad_text_name_the_rule(string text, string expected) =>
        Assert.Contains(HygieneRules.Violations("a.txt", text), violation => violation.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("network/work/home/x")]
    [InlineData("https://example.org/home/page")]
    [InlineData("$HOME/data, ./root/x, ~/work/x")]
    public void Violations_of_good_text_are_none(string text) => Assert.Empty(HygieneRules.Violations("a.txt", text));

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
