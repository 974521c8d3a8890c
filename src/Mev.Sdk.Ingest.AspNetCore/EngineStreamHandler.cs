using System.Globalization;
using Mev.Sdk.Ingest.Accepting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Mev.Sdk.Ingest.AspNetCore;

/// <summary>Answers a request at the engines' endpoint.</summary>
internal sealed class EngineStreamHandler(EngineAcceptor acceptor, bool isAuthorized, CancellationToken stopping)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (Refusal(context) is { } refusal)
        {
            context.Response.StatusCode = refusal.Status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(refusal.Text, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        // Compression off: frames carry random keys and signatures, and a secret beside a stranger's bytes must not be guessed by its length.
        var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { SubProtocol = EngineAcceptor.SubProtocol, DangerousEnableCompression = false }).ConfigureAwait(false);

        // A policy that an AllowAnonymous on the way here (a group's, say) switched off was never asked.
        var isVouchedFor = isAuthorized && context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null;

        // Not RequestAborted: that the peer is gone is for the session to find, who says so; only this host's end is an order.
        await acceptor.RunAsync(socket, PeerOf(context), isVouchedFor, stopping).ConfigureAwait(false);
    }

    private (int Status, string Text)? Refusal(HttpContext context)
    {
        if (!acceptor.IsOriginAllowed(context.Request.Headers.Origin))
        {
            return (StatusCodes.Status403Forbidden, "Web pages may not connect here.");
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            return (StatusCodes.Status400BadRequest, $"Connect by WebSocket, sub-protocol {EngineAcceptor.SubProtocol}.");
        }

        if (!context.WebSockets.WebSocketRequestedProtocols.Contains(EngineAcceptor.SubProtocol))
        {
            return (StatusCodes.Status400BadRequest, $"Ask for the sub-protocol {EngineAcceptor.SubProtocol}.");
        }

        return acceptor.HasRoom ? null : (StatusCodes.Status503ServiceUnavailable, "As many engines are connected as this host takes; try again later.");
    }

    private static string PeerOf(HttpContext context) =>
        string.Create(CultureInfo.InvariantCulture, $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}");
}
