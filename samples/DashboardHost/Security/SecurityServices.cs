using Microsoft.AspNetCore.Authorization;

namespace Mev.Sdk.DashboardHost.Security;

/// <summary>Deny by default, and the headers that every answer carries.</summary>
internal static class SecurityServices
{
    /// <summary>What pages may load: their own files, and nothing inline. Chart.js and the canvas need no more.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddDashboardSecurity(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<IAuthorizationHandler, LoopbackViewerHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusalWriter>();
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().AddRequirements(new LoopbackViewer()).Build())
            .SetDefaultPolicy(new AuthorizationPolicyBuilder().AddRequirements(new LoopbackViewer()).Build());
        return services;
    }

    /// <summary>Sets the headers first, so that refusals and errors carry them too.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        return next(context);
    });
}
