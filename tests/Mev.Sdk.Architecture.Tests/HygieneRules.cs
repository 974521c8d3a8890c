using System.Text.RegularExpressions;

namespace Mev.Sdk.Architecture.Tests;

/// <summary>What no committed file says: where somebody's machine keeps things, or which registry it happens to use.</summary>
internal static partial class HygieneRules
{
    public static IEnumerable<string> Violations(string path, string text)
    {
        foreach (Match match in MachinePath().Matches(text))
        {
            yield return $"{path}: the path of a machine, \"{match.Value}\".";
        }

        foreach (Match match in RegistryHost().Matches(text))
        {
            yield return $"{path}: the host of a registry, \"{match.Value}\".";
        }

        if (text.Contains('\r', StringComparison.Ordinal))
        {
            yield return $"{path}: carriage returns.";
        }
    }

    [GeneratedRegex(@"(?<![\w.~$}/\\-])/(root|home|Users|work|mnt)/[\w.-]+|[A-Za-z]:\\\\?Users\\", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MachinePath();

    // A lock file with "resolved" addresses pins everybody to the registry of whoever wrote it.
    [GeneratedRegex(@"\b(registry\.(npmjs|yarnpkg)\.\w+|(api|www)\.nuget\.org|pypi\.org|[\w.-]*(artifactory|pkgs\.dev\.azure)[\w.-]*)|""resolved"":\s*""https?:[^""]*", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex RegistryHost();
}
