using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mev.Sdk.Configuration;

/// <summary>
/// Looks at a section of the host's configuration before it is bound: a key that no option has, which the binder ignores, and a value that is none of its type, which it
/// reports in the words of .NET, are both told by key and remedy.
/// </summary>
/// <typeparam name="TOptions">The options that are made only when all is well.</typeparam>
internal abstract class ConfigurationCheck<TOptions>(IServiceProvider services, string section, OptionShape shape) : IConfigureOptions<TOptions>
    where TOptions : class
{
    public void Configure(TOptions options)
    {
        if (services.GetService(typeof(IConfiguration)) is IConfiguration configuration
            && Find(configuration.GetSection(section), shape) is { Count: > 0 } problems)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), problems);
        }
    }

    /// <summary>Lists what is wrong below a section.</summary>
    internal static List<string> Find(IConfigurationSection section, OptionShape shape)
    {
        var problems = new List<string>();
        Walk(section, shape, problems);
        return problems;
    }

    private static void Walk(IConfigurationSection section, OptionShape shape, List<string> problems)
    {
        if (shape == OptionShape.Foreign)
        {
            return;
        }

        // Values are shown only where they can be no secret: texts are not looked at.
        if (shape.IsValue)
        {
            if (section.GetChildren().Any())
            {
                problems.Add($"{section.Path} is one value and has keys below it; give the value itself.");
            }
            else if (section.Value is { Length: > 0 } value && shape.Advise(value) is { } advice)
            {
                problems.Add($"{section.Path} is '{value}'; {advice}.");
            }

            return;
        }

        if (!string.IsNullOrEmpty(section.Value))
        {
            problems.Add($"{section.Path} is a section and has a value of its own; set the keys below it{(shape.Element is null ? ": " + Names(shape) : "")}.");
        }

        foreach (var child in section.GetChildren())
        {
            if (shape.Element is not null)
            {
                Walk(child, shape.Element, problems);
            }
            else if (shape.Children.TryGetValue(child.Key, out var known))
            {
                Walk(child, known, problems);
            }
            else
            {
                problems.Add($"{child.Path} is no option; there are {Names(shape)}.");
            }
        }
    }

    private static string Names(OptionShape shape) => string.Join(", ", shape.Children.Keys.Order(StringComparer.Ordinal));
}
