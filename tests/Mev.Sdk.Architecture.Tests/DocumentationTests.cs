using System.Reflection;
using System.Xml.Linq;

namespace Mev.Sdk.Architecture.Tests;

/// <summary>That a public member is documented at all is the compiler's rule (CS1591 is an error); these hold what it says.</summary>
public sealed class DocumentationTests
{
    public static TheoryData<string> Names => Repository.PackageNames;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_member_has_one_summary_that_ends_in_a_full_stop(string name) =>
        Assert.Empty(DocumentationRules.Violations(XDocument.Load(Repository.Find(name).DocumentationFile), PublicNames(Repository.Find(name).Load()).Contains));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_option_states_its_default(string name)
    {
        var package = Repository.Find(name);
        var documentation = XDocument.Load(package.DocumentationFile);
        var silent =
            from type in package.Load().GetExportedTypes()
            where type.Name.EndsWith("Options", StringComparison.Ordinal) && type.IsClass
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            where property.SetMethod?.IsPublic == true && !property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal) // those have their own
            let text = DocumentationRules.TextOf(documentation, $"P:{type.FullName}.{property.Name}")
            where text is null || !(text.Contains("default", StringComparison.OrdinalIgnoreCase) || text.Contains("required", StringComparison.OrdinalIgnoreCase))
            select $"{type.Name}.{property.Name}: the documentation names neither a default nor that it is required.";
        Assert.Empty(silent);
    }

    [Theory]
    [InlineData("<summary>One.</summary><summary>Two.</summary>", "2 summaries")]
    [InlineData("<remarks>Only this.</remarks>", "0 summaries")]
    [InlineData("<summary>No stop</summary>", "full stop")]
    public void Violations_of_bad_documentation_name_the_rule(string content, string expected)
    {
        var documentation = XDocument.Parse($"<doc><members><member name=\"T:A\">{content}</member></members></doc>");
        Assert.Contains(expected, Assert.Single(DocumentationRules.Violations(documentation, _ => true)), StringComparison.Ordinal);
        Assert.Empty(DocumentationRules.Violations(documentation, _ => false));
    }

    // "Namespace.Type" and "Namespace.Type.Member" of everything that users can name; overloads share a name.
    private static HashSet<string> PublicNames(Assembly assembly)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var type in assembly.GetExportedTypes())
        {
            var typeName = type.FullName!.Replace('+', '.');
            names.Add(typeName);
            const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            foreach (var member in type.GetMembers(Declared).Where(IsVisible))
            {
                names.Add($"{typeName}.{member.Name.Replace('.', '#')}");
            }
        }

        return names;
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        EventInfo raised => raised.AddMethod is { } add && IsVisible(add),
        _ => false,
    };
}
