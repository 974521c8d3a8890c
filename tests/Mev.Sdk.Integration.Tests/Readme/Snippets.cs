using System.Text;
using System.Text.RegularExpressions;

namespace Mev.Sdk.Integration.Tests.Readme;

/// <summary>Finds the examples of the READMEs and the test code they are taken from.</summary>
internal static partial class Snippets
{
    private const string Mark = "<!-- example: ";
    private const string Fence = "```csharp\n";

    /// <summary>Every README with C# in it, relative to the repository's root.</summary>
    public static IReadOnlyList<string> Readmes { get; } =
        [.. new[] { "src", "samples", "native" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Root, folder), "README.md", SearchOption.AllDirectories))
            .Append(Path.Combine(RepositoryFolder.Root, "README.md"))
            .Select(path => Path.GetRelativePath(RepositoryFolder.Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/node_modules/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Where(path => Text(path).Contains(Fence, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    /// <summary>The C# blocks of a README, each with the file that the line before it names; null where none does.</summary>
    public static IEnumerable<(string? File, string Code)> InReadme(string readme)
    {
        var text = Text(readme);
        for (var at = text.IndexOf(Fence, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Fence, at, StringComparison.Ordinal))
        {
            var before = text[..at].TrimEnd('\n');
            var line = before[(before.LastIndexOf('\n') + 1)..];
            var start = at + Fence.Length;
            at = text.IndexOf("```", start, StringComparison.Ordinal);
            yield return (line.StartsWith(Mark, StringComparison.Ordinal) ? line[Mark.Length..^" -->".Length] : null, text[start..at]);
        }
    }

    /// <summary>The regions between the marks of a test's code, in order and without their indentation.</summary>
    public static string InTests(string file)
    {
        var source = File.ReadAllLines(Path.Combine(RepositoryFolder.Root, file));
        var text = new StringBuilder();
        for (var at = 0; at < source.Length; at++)
        {
            if (!Start().IsMatch(source[at]))
            {
                continue;
            }

            var end = Array.FindIndex(source, at, line => line.Trim() == "// snippet-end");
            var region = source[(at + 1)..end];
            var indentation = region.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
            foreach (var line in region)
            {
                text.Append(line.Length > 0 ? line[indentation..] : line).Append('\n');
            }

            at = end;
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string Text(string readme) => File.ReadAllText(Path.Combine(RepositoryFolder.Root, readme));

    [GeneratedRegex("^ *// snippet-start: [a-z]+$")]
    private static partial Regex Start();
}
