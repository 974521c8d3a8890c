using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Mvc;

namespace Mev.Sdk.DashboardHost.Security;

/// <summary>Answers a refused request with 403 and the reason: there is no sign-in yet that a challenge could lead to.</summary>
internal sealed class RefusalWriter : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(
            new ProblemDetails { Status = StatusCodes.Status403Forbidden, Title = "Not allowed", Detail = LoopbackViewer.Refusal(context) },
            options: null,
            contentType: "application/problem+json",
            context.RequestAborted);
    }
}
