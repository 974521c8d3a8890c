using Mev.Sdk.DashboardHost.Engine;

namespace Mev.Sdk.DashboardHost.Archive;

/// <summary>A verb's command line: texts, and options written --name VALUE or --name=VALUE.</summary>
internal sealed class ArchiveArguments
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    private ArchiveArguments(string verb) => Verb = verb;

    public string Verb { get; }

    /// <summary>What stands without a name, in order.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>Reads what is behind a verb.</summary>
    /// <param name="verb">The verb, for messages.</param>
    /// <param name="args">What is behind it.</param>
    /// <param name="known">The options that it has.</param>
    /// <exception cref="StartupException">There is another one, or one without its value.</exception>
    public static ArchiveArguments Parse(string verb, IReadOnlyList<string> args, params string[] known)
    {
        var result = new ArchiveArguments(verb);
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                result._texts.Add(args[i]);
                continue;
            }

            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i] : args[i][..equals];
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw new StartupException($"archive {verb} has no option {name}; there are: {string.Join(", ", known)}.");
            }

            if (equals < 0 && i + 1 >= args.Count)
            {
                throw new StartupException($"{name} has no value; write {name} VALUE.");
            }

            result._options[name] = equals < 0 ? args[++i] : args[i][(equals + 1)..];
        }

        return result;
    }

    /// <summary>An option's value, or null.</summary>
    public string? this[string name] => _options.GetValueOrDefault(name);

    /// <summary>An option's value as one of some words.</summary>
    public T Choice<T>(string name, T otherwise)
        where T : struct, Enum =>
        this[name] is not { } text ? otherwise
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]) ? value
        : throw new StartupException($"{name} is '{text}'; there are: {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>An option's value as a range of slots, FIRST-LAST or one.</summary>
    public (ulong First, ulong Last)? Slots(string name)
    {
        if (this[name] is not { } text)
        {
            return null;
        }

        var parts = text.Split('-');
        return parts.Length <= 2 && ulong.TryParse(parts[0], out var first) && ulong.TryParse(parts[^1], out var last) && first > 0 && first <= last
            ? (first, last)
            : throw new StartupException($"{name} is '{text}'; write FIRST-LAST, as in 285000000-285000999.");
    }
}
