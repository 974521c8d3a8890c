using Mev.Sdk.DashboardHost.Engine;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages.Panels;

/// <summary>The model panel's fetched part.</summary>
public sealed class ModelPanelModel : PageModel
{
    internal ModelFacts Facts { get; private set; } = null!;

    /// <summary>Shows the panel.</summary>
    public void OnGet() => Facts = HttpContext.RequestServices.GetRequiredService<PipelineProbe>().Read().Model;
}
