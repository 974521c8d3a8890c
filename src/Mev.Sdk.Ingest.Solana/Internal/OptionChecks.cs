using System.Globalization;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Checks options; each complaint names the key and the remedy, and shows no endpoint and no secret.</summary>
internal static class OptionChecks
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static void Uri(string text, string key, List<string> errors, params ReadOnlySpan<string> schemes)
    {
        var schemesText = string.Join(" or ", schemes.ToArray().Select(static scheme => scheme + "://"));
        if (string.IsNullOrWhiteSpace(text))
        {
            errors.Add($"{key} is missing; set it to the endpoint's address, {schemesText}HOST.");
        }
        else if (!System.Uri.TryCreate(text, UriKind.Absolute, out var uri) || !schemes.Contains(uri.Scheme) || uri.Host.Length == 0)
        {
            errors.Add($"{key} is no address of the form {schemesText}HOST; correct it (it is not shown, since it may hold a key).");
        }
    }

    public static void Header(string token, string header, string key, List<string> errors)
    {
        if (token.Any(static c => char.IsControl(c) || c > '~'))
        {
            errors.Add($"{key}:Token has a line break or another character that no header can carry; check what was pasted (it is not shown).");
        }

        if (token.Length > 0 && (header.Length == 0 || !header.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            errors.Add($"{key}:TokenHeader is '{header}'; name a header such as Authorization or x-token.");
        }
    }

    public static void Positive(TimeSpan value, string key, List<string> errors)
    {
        if (value <= TimeSpan.Zero || value > Longest)
        {
            errors.Add($"{key} is {value}; set it over 0 and to at most {Longest}.");
        }
    }

    public static void Range<T>(T value, T least, T most, string key, List<string> errors)
        where T : IComparable<T>, IFormattable
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{key} is {value}; set {least} to {most}."));
        }
    }

    public static void Name(string name, string key, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            errors.Add($"{key} is empty; give the source a name, and keep it: the journal knows the stream by it.");
        }
    }

    public static void Keys(IEnumerable<string> keys, string key, List<string> errors)
    {
        var index = 0;
        foreach (var text in keys)
        {
            if (!Pubkey.TryParse(text, null, out _))
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{key}:{index} is '{text}', no base58 text of a 32-byte key; correct it."));
            }

            index++;
        }
    }

    public static void ThrowIfAny(List<string> errors, string parameter)
    {
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors), parameter);
        }
    }
}
