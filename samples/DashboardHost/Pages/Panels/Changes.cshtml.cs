using Mev.Sdk.DashboardHost.Control;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages.Panels;

/// <summary>The latest changes of parameters and how they ended, from the journal's records.</summary>
public sealed class ChangesPanelModel : PageModel
{
    internal IReadOnlyList<ChangeRow> Changes { get; private set; } = [];

    /// <summary>Shows the panel.</summary>
    public void OnGet() => Changes = HttpContext.RequestServices.GetRequiredService<ControlView>().Changes();
}
