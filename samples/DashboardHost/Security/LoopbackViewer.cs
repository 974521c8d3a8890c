using System.Net;
using Microsoft.AspNetCore.Authorization;

namespace Mev.Sdk.DashboardHost.Security;

/// <summary>
/// The only right this host gives: an open viewer for somebody on this machine. The connection, the Host header and the absence of
/// forwarding headers must all say so: the first keeps the network out, the second web pages that rebind a name to 127.0.0.1, the third
/// a proxy on this machine that serves the world. A proxy that adds no such header and rewrites Host cannot be told from a person.
/// </summary>
internal sealed class LoopbackViewer : IAuthorizationRequirement
{
    /// <summary>Why a request is refused, or null when it is allowed.</summary>
    public static string? Refusal(HttpContext context)
    {
        var remote = context.Connection.RemoteIpAddress;
        if (remote is null || !IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote))
        {
            return "This dashboard is open to its own machine only. From elsewhere use a tunnel: ssh -L 5080:127.0.0.1:5080 user@host";
        }

        var host = context.Request.Host;
        if (!host.HasValue || !IsLoopbackName(host.Host))
        {
            return "This dashboard answers to localhost, 127.0.0.1 and [::1] only; the request names another host.";
        }

        if (context.Request.Headers.Keys.FirstOrDefault(IsForwarding) is { } header)
        {
            return $"The request came through a proxy (header {header}); without sign-in this dashboard answers direct requests only.";
        }

        if (context.Request.Headers.Origin is [{ } origin]
            && !string.Equals(origin, $"{context.Request.Scheme}://{host.Value}", StringComparison.OrdinalIgnoreCase))
        {
            return "The request was made by a page of another site.";
        }

        // Without an Origin a page elsewhere can still make this host work (images, scripts); following a link is a navigation and allowed.
        if (context.Request.Headers["Sec-Fetch-Site"] is [var site] && site is "cross-site" or "same-site"
            && context.Request.Headers["Sec-Fetch-Mode"] is not ["navigate"])
        {
            return "The request was made by a page of another site.";
        }

        return context.Request.Headers.Origin.Count > 1 ? "The request has more than one Origin header." : null;
    }

    /// <summary>Whether a host name can only mean this machine.</summary>
    public static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsForwarding(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
        || header.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
        || header.Equals("CF-Connecting-IP", StringComparison.OrdinalIgnoreCase)
        || header.Equals("True-Client-IP", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Via", StringComparison.OrdinalIgnoreCase);
}
