using System.Diagnostics.CodeAnalysis;
using Mev.Sdk.Ingest.Accepting;
using Mev.Sdk.Ingest.AspNetCore;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint that engines connect to.</summary>
public static class EngineStreamEndpointRouteBuilderExtensions
{
    // Shorter than the minute after which common proxies cut what is idle.
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Maps an endpoint to which the engines of <c>Mev:Ingest:Accept</c> connect by WebSocket, sub-protocol <c>mev-engine-stream.v1</c>.</summary>
    /// <remarks>
    /// <para>Without a policy every engine must have a key configured and prove that it knows it; the application's own authorization, which
    /// is for people, does not apply. With a policy the request must satisfy it, and engines without a key are taken in too.</para>
    /// <para>Requests with an Origin header are refused unless <c>Mev:Ingest:Accept:AllowedOrigins</c> names it. The endpoint brings its own
    /// WebSocket middleware.</para>
    /// </remarks>
    /// <param name="endpoints">Where to map.</param>
    /// <param name="pattern">The route, as in <c>/engine</c>.</param>
    /// <param name="authorizationPolicy">Name of an authorization policy of the application; null asks for the engines' keys instead.</param>
    /// <returns>For further conventions, such as host filters or rate limits.</returns>
    /// <exception cref="InvalidOperationException">The intake was not added: call <c>AddMevSdk().AddIngest()</c> first.</exception>
    public static IEndpointConventionBuilder MapEngineStream(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/engine", string? authorizationPolicy = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        var services = endpoints.ServiceProvider;
        var acceptor = services.GetService<EngineAcceptor>()
            ?? throw new InvalidOperationException("MapEngineStream needs the intake; call services.AddMevSdk().AddIngest() before the application is built.");
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var handler = new EngineStreamHandler(acceptor, isAuthorized: authorizationPolicy is not null, stopping);

        var branch = endpoints.CreateApplicationBuilder();
        branch.UseWebSockets(new WebSocketOptions { KeepAliveInterval = KeepAliveInterval, KeepAliveTimeout = KeepAliveTimeout });
        branch.Run(handler.HandleAsync);

        // RequireAuthorization on top of AllowAnonymous would be without effect, so it is one or the other.
        var mapped = endpoints.Map(pattern, branch.Build()).WithDisplayName("engine stream");
        return authorizationPolicy is null ? mapped.AllowAnonymous() : mapped.RequireAuthorization(authorizationPolicy);
    }
}
