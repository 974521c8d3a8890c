using System.Globalization;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>What of an endpoint may be shown, and what must be taken out of every message.</summary>
internal sealed class EndpointSecrets
{
    private const string Mask = "***";
    private const int ShortestSecret = 6;

    private readonly string[] _secrets;

    public EndpointSecrets(string endpoint, string token)
    {
        var uri = new Uri(endpoint);
        Display = $"{uri.Scheme}://{uri.Authority[(uri.Authority.IndexOf('@', StringComparison.Ordinal) + 1)..]}";

        // Providers put keys into paths, queries and user names; longer ones first, so that none leaves a tail of another.
        var parts = uri.AbsolutePath.Split('/').Append(uri.UserInfo).Concat(uri.UserInfo.Split(':')).Append(uri.Query.TrimStart('?'))
            .Concat(uri.Query.TrimStart('?').Split('&', '='))
            .Append(token).Append(uri.PathAndQuery);
        _secrets = [.. parts.SelectMany(static part => (string[])[part, Uri.UnescapeDataString(part)])
            .Where(static part => part.Length >= ShortestSecret).Distinct(StringComparer.Ordinal).OrderByDescending(static part => part.Length)];
    }

    /// <summary>Scheme, host and port.</summary>
    public string Display { get; }

    /// <summary>A message without what is secret, on one line and of bounded length.</summary>
    public string Strip(string message)
    {
        foreach (var secret in _secrets)
        {
            message = message.Replace(secret, Mask, StringComparison.OrdinalIgnoreCase);
        }

        // A node's words must not forge lines in a log, nor turn the direction of what stands beside them.
        message = message.Any(IsHarmful) ? string.Concat(message.Select(static c => IsHarmful(c) ? ' ' : c)) : message;
        return message.Length <= 300 ? message : message[..300] + "...";
    }

    private static bool IsHarmful(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
