using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Mev.Sdk.Ingest.Accepting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Mev.Sdk.Ingest.AspNetCore.Tests.Support;

/// <summary>An engine that is reached by WebSocket: passes bytes on to one that listens on TCP, in messages that have nothing to do with frames.</summary>
internal sealed class WebSocketEngine : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebSocketEngine(WebApplication app) => _app = app;

    public string Endpoint => _app.Urls.First().Replace("http", "ws", StringComparison.Ordinal) + "/stream";

    public static async Task<WebSocketEngine> StartAsync(
        IPEndPoint engine, X509Certificate2? certificate = null, bool asksForCertificate = false, string? subProtocol = EngineAcceptor.SubProtocol, bool sendsText = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = certificate;
                    https.ClientCertificateMode = asksForCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                    https.AllowAnyClientCertificate();
                });
            }
        }));
        var app = builder.Build();
        app.UseWebSockets();
        app.Map("/stream", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = subProtocol });
            if (sendsText)
            {
                await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, context.RequestAborted);
            }

            using var client = new TcpClient();
            await client.ConnectAsync(engine, context.RequestAborted);
            await BridgeAsync(socket, client.GetStream(), context.RequestAborted);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WebSocketEngine(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task BridgeAsync(WebSocket socket, NetworkStream stream, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var up = UpAsync(socket, stream, over);
        var buffer = new byte[10_007];
        try
        {
            var first = true;
            while (await stream.ReadAsync(buffer, over.Token) is > 0 and var read)
            {
                // Parts of messages and whole ones, and now and then an empty one.
                await socket.SendAsync(buffer.AsMemory(0, read), WebSocketMessageType.Binary, read % 2 == 0, over.Token);
                if (first)
                {
                    first = false;
                    await socket.SendAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Binary, true, over.Token);
                }
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, over.Token);
            await up;
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // One side is gone.
        }
        finally
        {
            await over.CancelAsync();
            await up;
        }
    }

    private static async Task UpAsync(WebSocket socket, NetworkStream stream, CancellationTokenSource over)
    {
        var buffer = new byte[997];
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), over.Token) is { MessageType: WebSocketMessageType.Binary } result)
            {
                await stream.WriteAsync(buffer.AsMemory(0, result.Count), over.Token);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // One side is gone.
        }
        finally
        {
            await over.CancelAsync();
        }
    }
}
