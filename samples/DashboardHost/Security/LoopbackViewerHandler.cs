using Microsoft.AspNetCore.Authorization;

namespace Mev.Sdk.DashboardHost.Security;

/// <summary>Grants <see cref="LoopbackViewer"/> to direct requests from this machine.</summary>
internal sealed class LoopbackViewerHandler(IHttpContextAccessor accessor) : AuthorizationHandler<LoopbackViewer>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, LoopbackViewer requirement)
    {
        var http = context.Resource as HttpContext ?? accessor.HttpContext;
        if (http is not null && LoopbackViewer.Refusal(http) is null)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
