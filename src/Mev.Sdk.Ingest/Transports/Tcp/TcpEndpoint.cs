using System.Net;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>Reads <c>tcp://HOST:PORT</c>.</summary>
internal static class TcpEndpoint
{
    public static EndPoint Parse(string text) =>
        TryParse(text, out var endpoint, out var problem) ? endpoint! : throw new ArgumentException($"The endpoint {problem}", nameof(text));

    public static bool TryParse(string text, out EndPoint? endpoint, out string problem)
    {
        endpoint = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            problem = "is missing; give tcp://HOST:PORT.";
            return false;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || !string.Equals(uri.Scheme, "tcp", StringComparison.OrdinalIgnoreCase)
            || uri.Host.Length == 0
            || uri.Port is < 1 or > ushort.MaxValue
            || uri.AbsolutePath.Trim('/').Length > 0)
        {
            problem = $"is '{text}'; give tcp://HOST:PORT with a port from 1 to 65535.";
            return false;
        }

        problem = "";
        endpoint = IPAddress.TryParse(uri.DnsSafeHost, out var address) ? new IPEndPoint(address, uri.Port) : new DnsEndPoint(uri.DnsSafeHost, uri.Port);
        return true;
    }
}
