using System.Net;
using Mev.Sdk.Ingest.Transports.Tcp;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>Reads an endpoint's URI and chooses the transport.</summary>
internal static class EngineEndpoint
{
    public static ITransport Create(EngineSourceOptions options) =>
        TryCreate(options, out var transport, out var problem) ? transport! : throw new ArgumentException($"The endpoint {problem}", nameof(options));

    public static bool TryCreate(EngineSourceOptions options, out ITransport? transport, out string problem)
    {
        transport = null;
        if (!TryParseHostPort(options.Endpoint, out var endpoint, out problem))
        {
            return false;
        }

        transport = new TcpTransport(endpoint!);
        return true;
    }

    private static bool TryParseHostPort(string text, out EndPoint? endpoint, out string problem)
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
