using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages.Panels;

/// <summary>The gap ledger: what was not seen.</summary>
public sealed class GapsPanelModel : PageModel
{
    private const int Rows = 20;

    internal IReadOnlyList<CoverageGap> Gaps { get; private set; } = [];

    internal long Total { get; private set; }

    /// <summary>Shows the panel.</summary>
    public void OnGet()
    {
        var coverage = HttpContext.RequestServices.GetService<ICoverage>();
        Total = coverage?.GapCount ?? 0;
        Gaps = [.. (coverage?.GetGaps() ?? []).Reverse().Take(Rows)];
    }
}
