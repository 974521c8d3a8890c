using System.Text;

namespace Mev.Sdk.Integration.Tests.Readme;

/// <summary>Finds the README's example and the test code it is taken from.</summary>
internal static class Snippets
{
    private const string ReadmeStart = "<!-- example: tests/Mev.Sdk.Integration.Tests/Readme/ReadmeExample.cs -->";

    /// <summary>The C# block behind the mark in README.md.</summary>
    public static string InReadme()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryFolder.Root, "README.md"));
        var mark = readme.IndexOf(ReadmeStart, StringComparison.Ordinal);
        Assert.True(mark >= 0, $"README.md has no line {ReadmeStart}.");
        var start = readme.IndexOf("```csharp\n", mark, StringComparison.Ordinal) + "```csharp\n".Length;
        var end = readme.IndexOf("```", start, StringComparison.Ordinal);
        return readme[start..end];
    }

    /// <summary>The regions usings, program and sink of the test code, without their indentation.</summary>
    public static string InTests()
    {
        var source = File.ReadAllLines(Path.Combine(RepositoryFolder.Root, "tests", "Mev.Sdk.Integration.Tests", "Readme", "ReadmeExample.cs"));
        var text = new StringBuilder();
        foreach (var name in new[] { "usings", "program", "sink" })
        {
            var start = Array.FindIndex(source, line => line.Trim() == "// snippet-start: " + name) + 1;
            Assert.True(start > 0, $"ReadmeExample.cs has no region {name}.");
            var end = Array.FindIndex(source, start, line => line.Trim() == "// snippet-end");
            var region = source[start..end];
            var indentation = region.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
            foreach (var line in region)
            {
                text.Append(line.Length > 0 ? line[indentation..] : line).Append('\n');
            }
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }
}
