using Mev.Sdk.Ingest.Solana.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Solana.Internal;

/// <summary>Tells of secrets that go over a network as they are.</summary>
internal static class ClearTokens
{
    /// <summary>Warns once of each endpoint on another machine that gets a token, a user name or a query without TLS.</summary>
    /// <param name="logger">Where the warning goes.</param>
    /// <param name="source">The source that asks.</param>
    /// <param name="endpoints">Its endpoints, validated or empty, and their tokens.</param>
    public static void Warn(ILogger logger, string source, params ReadOnlySpan<(string Endpoint, string Token)> endpoints)
    {
        HashSet<string> told = new(StringComparer.Ordinal);
        foreach (var (endpoint, token) in endpoints)
        {
            if (endpoint.Length == 0)
            {
                continue;
            }

            var uri = new Uri(endpoint);
            var isClear = uri.Scheme is "http" or "ws" && !uri.IsLoopback;
            var display = new EndpointSecrets(endpoint, token).Display;
            if (isClear && (token.Length > 0 || uri.UserInfo.Length > 0 || uri.Query.Length > 1) && told.Add(display))
            {
                Log.TokenInClear(logger, source, display, uri.Scheme + "s");
            }
        }
    }
}
