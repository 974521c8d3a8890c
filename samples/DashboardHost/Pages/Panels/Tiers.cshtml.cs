using Mev.Sdk.DashboardHost.Tiers;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages.Panels;

/// <summary>The tiers, their projectors and what moves between them.</summary>
public sealed class TiersPanelModel : PageModel
{
    internal TierFacts? Facts { get; private set; }

    /// <summary>Shows the panel.</summary>
    public void OnGet() => Facts = HttpContext.RequestServices.GetRequiredService<TierWatch>().Latest;
}
