using System.Xml.Linq;

namespace Mev.Sdk.Architecture.Tests;

/// <summary>What the documentation file of a package is held to.</summary>
internal static class DocumentationRules
{
    /// <summary>The public members whose documentation is not one summary that ends in a full stop.</summary>
    /// <param name="documentation">The compiler's file; it lists internal members too.</param>
    /// <param name="isPublic">Tells whether users can name a member, by its full name without parameters.</param>
    public static IEnumerable<string> Violations(XDocument documentation, Predicate<string> isPublic)
    {
        foreach (var member in documentation.Descendants("member"))
        {
            var name = member.Attribute("name")!.Value;
            if (member.Element("inheritdoc") is not null || IsGenerated(name) || !isPublic(BareName(name)))
            {
                continue;
            }

            var summaries = member.Elements("summary").ToList();
            if (summaries.Count != 1)
            {
                yield return $"{name}: {summaries.Count} summaries.";
            }
            else if (!EndsInFullStop(summaries[0].Value))
            {
                yield return $"{name}: the summary does not end in a full stop.";
            }
        }
    }

    /// <summary>All text of a member's documentation, or null when it has none.</summary>
    public static string? TextOf(XDocument documentation, string member) =>
        documentation.Descendants("member").FirstOrDefault(element => element.Attribute("name")!.Value == member)?.Value;

    // "M:Namespace.Type`1.Member``2(System.Int32)~System.String" without its kind, parameters, method arity and conversion result.
    private static string BareName(string name)
    {
        var bare = name[2..].Split('(', '~')[0];
        var arity = bare.IndexOf("``", StringComparison.Ordinal);
        return arity < 0 ? bare : bare[..arity];
    }

    private static bool EndsInFullStop(string summary)
    {
        var text = summary.TrimEnd();
        return text.EndsWith('.') || text.EndsWith(".)", StringComparison.Ordinal);
    }

    // Source generators put helpers of their own into the file.
    private static bool IsGenerated(string name) =>
        name.Contains('<', StringComparison.Ordinal) || name.Contains("System.Text.RegularExpressions.Generated", StringComparison.Ordinal) || name.Contains("__", StringComparison.Ordinal);
}
