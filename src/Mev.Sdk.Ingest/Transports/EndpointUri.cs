using System.Net;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>An endpoint's URI, taken apart: <c>tcp</c>, <c>tls</c>, <c>unix</c>, <c>ws</c>, <c>wss</c> or <c>file</c>.</summary>
/// <param name="Scheme">In lower case.</param>
/// <param name="Host">A name or an address without brackets; empty for paths.</param>
/// <param name="Port">0 for paths.</param>
/// <param name="Path">A file's or socket's path, unescaped; empty for tcp and tls.</param>
/// <param name="Query">Behind the question mark, with it; empty where there is none.</param>
internal sealed record EndpointUri(string Scheme, string Host, int Port, string Path, string Query)
{
    private const string Forms = "give tcp://HOST:PORT, tls://HOST:PORT, unix:///PATH, ws://HOST/PATH, wss://HOST/PATH or file:///PATH";

    /// <summary>Reads a URI.</summary>
    /// <param name="text">The URI.</param>
    /// <param name="listens">Whether to listen there: then port 0 takes a free one, and the host is an address of this machine.</param>
    /// <param name="uri">The URI read.</param>
    /// <param name="problem">What is wrong and what to write instead, to be put behind the name of the option; empty when all is well.</param>
    public static bool TryParse(string? text, bool listens, out EndpointUri? uri, out string problem)
    {
        uri = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            problem = $"is missing; {Forms}.";
            return false;
        }

        var colon = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = colon > 0 ? text[..colon].ToLowerInvariant() : "";
        (uri, problem) = scheme switch
        {
            "tcp" or "tls" => HostAndPort(text, scheme, listens),
            "ws" or "wss" => Web(text, scheme),
            "unix" or "file" => LocalPath(text, scheme, text[(colon + 3)..]),
            _ => (null, $"is '{text}'; {Forms}."),
        };
        return uri is not null;
    }

    /// <summary>The address to connect to.</summary>
    public EndPoint ToEndPoint() => IPAddress.TryParse(Host, out var address) ? new IPEndPoint(address, Port) : new DnsEndPoint(Host, Port);

    /// <summary>The address to listen on; null when the host is neither an address nor <c>localhost</c>.</summary>
    public IPEndPoint? ToLocalEndPoint() =>
        IPAddress.TryParse(Host, out var address) ? new IPEndPoint(address, Port)
        : Host == "localhost" ? new IPEndPoint(IPAddress.Loopback, Port)
        : null;

    private static (EndpointUri? Uri, string Problem) HostAndPort(string text, string scheme, bool listens)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Host.Length == 0
            || uri.Port is < 0 or > ushort.MaxValue
            || (uri.Port == 0 && !listens)
            || uri.AbsolutePath.Trim('/').Length > 0
            || uri.Query.Length > 0
            || uri.UserInfo.Length > 0)
        {
            return (null, $"is '{text}'; give {scheme}://HOST:PORT with a port from {(listens ? 0 : 1)} to 65535 and nothing behind it.");
        }

        var parsed = new EndpointUri(scheme, uri.DnsSafeHost, uri.Port, "", "");
        return listens && parsed.ToLocalEndPoint() is null
            ? (null, $"is '{text}'; to listen, give an address of this machine, localhost, 0.0.0.0 or [::] instead of the name '{uri.Host}'.")
            : (parsed, "");
    }

    private static (EndpointUri? Uri, string Problem) Web(string text, string scheme) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && uri.Port > 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
            ? (new EndpointUri(scheme, uri.DnsSafeHost, uri.Port, uri.AbsolutePath, uri.Query), "")
            : (null, $"is '{text}'; give {scheme}://HOST[:PORT]/PATH without user and fragment.");

    private static (EndpointUri? Uri, string Problem) LocalPath(string text, string scheme, string rest)
    {
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var path = Uri.UnescapeDataString(question < 0 ? rest : rest[..question]);
        var query = question < 0 ? "" : rest[question..];
        if (!path.StartsWith('/') || path.Length < 2 || path.Contains('\0', StringComparison.Ordinal))
        {
            return (null, $"is '{text}'; give {scheme}:/// and an absolute path, as in {scheme}:///run/engine.{(scheme == "unix" ? "sock" : "frames")}.");
        }

        // file:///C:/x
        if (path.Length > 2 && path[2] == ':')
        {
            path = path[1..];
        }

        return scheme == "unix" && query.Length > 0
            ? (null, $"is '{text}'; a socket's path has no options behind it.")
            : (new EndpointUri(scheme, "", 0, path, query), "");
    }
}
