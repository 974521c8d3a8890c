using Mev.Sdk.DashboardHost.Tiers;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages;

/// <summary>Where the rows of the history are, how small they are there, and what moves. Works without script.</summary>
public sealed class TiersModel : PageModel
{
    internal TierFacts? Facts { get; private set; }

    /// <summary>Shows the page.</summary>
    public void OnGet() => Facts = HttpContext.RequestServices.GetRequiredService<TierWatch>().Latest;
}
