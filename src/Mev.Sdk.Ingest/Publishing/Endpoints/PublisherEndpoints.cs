using System.Net;
using System.Net.Sockets;
using Mev.Sdk.Ingest.Transports;
using Mev.Sdk.Ingest.Transports.Tls;
using Mev.Sdk.Ingest.Transports.Unix;
using Mev.Sdk.Ingest.Transports.Web;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.Publishing.Endpoints;

/// <summary>Makes a publisher's endpoints from its options.</summary>
internal static class PublisherEndpoints
{
    /// <summary>The endpoint of a publisher that names none.</summary>
    public const string Default = "tcp://127.0.0.1:0";

    public static IReadOnlyList<string> Named(EnginePublisherOptions options) => options.Endpoints.Count > 0 ? [.. options.Endpoints] : [Default];

    public static void Validate(EnginePublisherOptions options, List<string> errors)
    {
        var named = Named(options);
        var serves = false;
        var dials = false;
        for (var i = 0; i < named.Count; i++)
        {
            if (!EndpointUri.TryParse(named[i], listens: true, out var uri, out var problem))
            {
                errors.Add($"Endpoints:{i} {problem}");
                continue;
            }

            if (uri!.Scheme == "file")
            {
                errors.Add($"Endpoints:{i} is '{named[i]}'; an engine cannot serve a file. A host makes captures: CaptureFolder of its source.");
            }

            serves |= uri.Scheme == "tls";
            dials |= uri.Scheme == "wss";
        }

        if (serves)
        {
            options.Tls.Validate("Tls", errors);
        }
        else if (options.Tls.IsSet)
        {
            // A certificate that nobody looks at must not look like protection.
            errors.Add("Tls is set, but no endpoint is tls://; write tls:// for those that are to be protected, or remove Tls.");
        }

        if (dials)
        {
            options.DialTls.Validate("DialTls", errors);
        }
        else if (options.DialTls.IsSet)
        {
            errors.Add("DialTls is set, but no endpoint is wss://; write wss:// for those that are to be protected, or remove DialTls.");
        }
    }

    /// <summary>Whether anybody on another machine may connect here and is asked for nothing.</summary>
    public static bool IsOpenToAll(IPublisherEndpoint endpoint, EnginePublisherOptions options) =>
        options.Keys.Count == 0
        && endpoint.LocalEndPoint is { } local
        && !IPAddress.IsLoopback(local.Address)
        && !(options.Tls.RequireClientCertificate && endpoint.Uri.StartsWith("tls:", StringComparison.Ordinal));

    /// <exception cref="IOException">One cannot be listened on; those before it are closed again.</exception>
    public static IReadOnlyList<IPublisherEndpoint> Open(EnginePublisherOptions options, TimeProvider time, ILogger logger)
    {
        var endpoints = new List<IPublisherEndpoint>();
        try
        {
            foreach (var text in Named(options))
            {
                endpoints.Add(Open(text, options, time, logger));
            }
        }
        catch
        {
            endpoints.ForEach(static endpoint => endpoint.Dispose());
            throw;
        }

        return endpoints;
    }

    private static IPublisherEndpoint Open(string text, EnginePublisherOptions options, TimeProvider time, ILogger logger)
    {
        if (!EndpointUri.TryParse(text, listens: true, out var uri, out var problem))
        {
            throw new ArgumentException($"Endpoints: {problem}", nameof(options));
        }

        switch (uri!.Scheme)
        {
            case "ws" or "wss":
                return new DialingEndpoint(text, new WebSocketTransport(uri, text, options.DialTls), options.HandshakeTimeout, options.DialMaxDelay, time, logger);
            case "unix":
                var path = uri.Path;
                return new SocketEndpoint(
                    UnixListening.Listen(path, options.UnixSocketMode), $"unix://{path}", socket => new SocketConnection(socket, $"unix://{path}"), path, time, logger);
            default:
                var deadAfter = options.SubscriberTimeout;
                var connect = uri.Scheme == "tls" ? Secured(new TlsServerSettings(options.Tls), deadAfter) : Plain(deadAfter);
                var listener = ListenTcp(uri.Scheme, uri.ToLocalEndPoint()!);
                return new SocketEndpoint(listener, $"{uri.Scheme}://{listener.LocalEndPoint}", connect, socketPath: null, time, logger);
        }
    }

    private static Func<Socket, IStreamConnection> Plain(TimeSpan deadAfter) => socket =>
    {
        SocketSettings.Apply(socket, deadAfter);
        return new SocketConnection(socket, PeerOf(socket));
    };

    private static Func<Socket, IStreamConnection> Secured(TlsServerSettings settings, TimeSpan deadAfter) => socket =>
    {
        SocketSettings.Apply(socket, deadAfter);
        return new TlsConnection(socket, PeerOf(socket), (stream, token) => stream.AuthenticateAsServerAsync(settings.Create(), token));
    };

    private static string PeerOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint?.ToString() ?? "unknown";
        }
        catch (SocketException)
        {
            // Gone already.
            return "unknown";
        }
    }

    private static Socket ListenTcp(string scheme, IPEndPoint endpoint)
    {
        var listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(endpoint);
            listener.Listen();
            return listener;
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            var remedy = exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? "The port is taken: end the process that has it, choose another, or give 0 for a free one."
                : "Choose an address of this machine and a port that this user may bind.";
            throw new IOException($"The engine cannot listen on {scheme}://{endpoint}: {ConnectionErrors.Sentence(exception)} {remedy}", exception);
        }
    }
}
