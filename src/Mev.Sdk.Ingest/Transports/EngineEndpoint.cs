using Mev.Sdk.Ingest.Transports.Captures;
using Mev.Sdk.Ingest.Transports.Tls;
using Mev.Sdk.Ingest.Transports.Unix;
using Mev.Sdk.Ingest.Transports.Web;

namespace Mev.Sdk.Ingest.Transports;

/// <summary>Chooses a host's transport by the endpoint's URI.</summary>
internal static class EngineEndpoint
{
    /// <summary>Checks the endpoint and what belongs to it; adds an error that names the option for each that is wrong.</summary>
    public static void Validate(EngineSourceOptions options, string key, List<string> errors)
    {
        if (!EndpointUri.TryParse(options.Endpoint, listens: false, out var uri, out var problem))
        {
            errors.Add($"{key}:Endpoint {problem}");
            return;
        }

        if (uri!.Scheme == "file" && !CaptureTransport.TryReadQuery(uri.Query, out _))
        {
            errors.Add($"{key}:Endpoint is '{options.Endpoint}'; behind a capture's path only ?follow=true or ?follow=false may stand.");
        }

        if (uri.Scheme == "file" && options.HasKey)
        {
            errors.Add($"{key}:Key is set, but Endpoint is '{options.Endpoint}'; a capture cannot prove anything, remove the key.");
        }

        if (uri.Scheme is "tls" or "wss")
        {
            options.Tls.Validate($"{key}:Tls", errors);
        }
        else if (options.Tls.IsSet)
        {
            // A certificate that nobody looks at must not look like protection.
            errors.Add($"{key}:Tls is set, but Endpoint is '{options.Endpoint}', which has no TLS; write tls:// or wss://, or remove Tls.");
        }
    }

    /// <summary>The transport of validated options.</summary>
    public static ITransport Create(EngineSourceOptions options, TimeProvider time)
    {
        if (!EndpointUri.TryParse(options.Endpoint, listens: false, out var uri, out var problem))
        {
            throw new ArgumentException($"Endpoint {problem}", nameof(options));
        }

        return uri!.Scheme switch
        {
            "tcp" => new TcpTransport(uri.ToEndPoint()),
            "tls" => new TlsTransport(uri.ToEndPoint(), uri.Host, options.Tls),
            "unix" => new UnixTransport(uri.Path),
            "file" => new CaptureTransport(uri.Path, CaptureTransport.TryReadQuery(uri.Query, out var follow) && follow, time),
            _ => new WebSocketTransport(uri, options.Endpoint, options.Tls),
        };
    }
}
