using System.Text.RegularExpressions;

namespace Mev.Sdk.Architecture.Tests;

/// <summary>What every source file of a package is held to; pure, so that each rule can be shown to fail.</summary>
internal static partial class SourceRules
{
    public const int MaxLines = 500;
    public const int MaxFolderDepth = 2;

    /// <summary>The broken rules of one file.</summary>
    /// <param name="path">Relative to the package, with forward slashes.</param>
    /// <param name="text">The file's text.</param>
    public static IEnumerable<string> Violations(string path, string text)
    {
        var lines = text.Split('\n');
        if (lines.Length - 1 > MaxLines)
        {
            yield return $"{path}: {lines.Length - 1} lines, at most {MaxLines}.";
        }

        if (path.Count(c => c == '/') > MaxFolderDepth)
        {
            yield return $"{path}: {path.Count(c => c == '/')} folders deep, at most {MaxFolderDepth}.";
        }

        // Namespaces are file-scoped, so a top-level type starts its line.
        var types = lines.Select(line => TopLevelType().Match(line)).Where(match => match.Success).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();
        if (types.Count > 1)
        {
            yield return $"{path}: more than one top-level type ({string.Join(", ", types)}).";
        }

        if (types.Count > 0 && !lines.Any(line => FileScopedNamespace().IsMatch(line)))
        {
            yield return $"{path}: no file-scoped namespace.";
        }

        for (var i = 0; i < lines.Length; i++)
        {
            if (Region().IsMatch(lines[i]))
            {
                yield return $"{path}:{i + 1}: #region.";
            }

            if (ToDo().IsMatch(lines[i]))
            {
                yield return $"{path}:{i + 1}: unfinished work is an issue, not a comment.";
            }
        }
    }

    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|partial|readonly|ref|unsafe|record)\s+)*(?:class|struct|record|interface|enum|delegate)\s+(?:[\w<>?\[\]]+\s+(?=\w+\s*[(<]))?(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"^namespace\s+[\w.]+;", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FileScopedNamespace();

    [GeneratedRegex(@"^\s*#region\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Region();

    [GeneratedRegex(@"//.*\b(TO[D]O|FIX[M]E|HA[C]K)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ToDo();
}
