using Mev.Sdk.DashboardHost.Control;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages.Panels;

/// <summary>Each strategy as its engine last reported it.</summary>
public sealed class StrategiesPanelModel : PageModel
{
    internal IReadOnlyList<StrategyFacts> Strategies { get; private set; } = [];

    /// <summary>Shows the panel.</summary>
    public void OnGet() => Strategies = HttpContext.RequestServices.GetRequiredService<ControlView>().Strategies();
}
