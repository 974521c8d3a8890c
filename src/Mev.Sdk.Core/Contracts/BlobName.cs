using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mev.Sdk;

/// <summary>The rule for names of blobs: what every store can take as it is, and what cannot lead out of a folder.</summary>
/// <remarks>
/// Parts of A-Z, a-z, 0-9, <c>.</c>, <c>_</c> and <c>-</c> with <c>/</c> between them. A part is 1 to <see cref="MaxPartLength"/> characters and neither begins nor ends with
/// a dot (so that none is <c>.</c> or <c>..</c>, and stores may keep things of their own behind one); a name is at most <see cref="MaxLength"/> characters.
/// </remarks>
public static class BlobName
{
    /// <summary>Most characters of a name.</summary>
    public const int MaxLength = 800;

    /// <summary>Most characters of a part.</summary>
    public const int MaxPartLength = 200;

    private const string Rule =
        "A name is parts of A-Z, a-z, 0-9, '.', '_' and '-' with '/' between them, no part beginning or ending with a dot, a part at most 200 and a name at most 800 characters.";

    private static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether a blob may have the name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>False when it breaks the rule.</returns>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length > MaxLength)
        {
            return false;
        }

        foreach (var part in name.Split('/'))
        {
            if (!IsPart(name[part]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Refuses what is not a blob's name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="parameterName">What the caller calls it.</param>
    /// <exception cref="ArgumentException">It breaks the rule.</exception>
    public static void ThrowIfInvalid([NotNull] string? name, [CallerArgumentExpression(nameof(name))] string? parameterName = null)
    {
        ArgumentNullException.ThrowIfNull(name, parameterName);
        if (!IsValid(name))
        {
            throw new ArgumentException($"'{Shown(name)}' cannot name a blob. {Rule}", parameterName);
        }
    }

    /// <summary>Refuses what no blob's name can begin with.</summary>
    /// <param name="prefix">The beginning of names, cut at any character; empty = of all.</param>
    /// <param name="parameterName">What the caller calls it.</param>
    /// <exception cref="ArgumentException">It breaks the rule.</exception>
    public static void ThrowIfInvalidPrefix([NotNull] string? prefix, [CallerArgumentExpression(nameof(prefix))] string? parameterName = null)
    {
        ArgumentNullException.ThrowIfNull(prefix, parameterName);

        // A letter behind it completes the last part; a prefix of full length stands for itself.
        var valid = prefix.Length == 0 || IsValid(prefix) || (prefix.Length < MaxLength && IsValid(prefix + "a"));
        if (!valid)
        {
            throw new ArgumentException($"No blob's name begins with '{Shown(prefix)}'. {Rule}", parameterName);
        }
    }

    private static bool IsPart(ReadOnlySpan<char> part) =>
        part.Length is > 0 and <= MaxPartLength && part[0] != '.' && part[^1] != '.' && !part.ContainsAnyExcept(Characters);

    private static string Shown(string name) => name.Length <= 100 ? name : string.Concat(name.AsSpan(0, 100), "...");
}
