using Mev.Sdk.DashboardHost.Live;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages;

/// <summary>The main page: its frame with the state at this moment; the rest arrives live.</summary>
public sealed class IndexModel : PageModel
{
    /// <summary>Kind wanted of the feed.</summary>
    [BindProperty(SupportsGet = true)]
    public string Kind { get; set; } = "all";

    /// <summary>Venue wanted of the feed; 0 = any.</summary>
    [BindProperty(SupportsGet = true)]
    public int Venue { get; set; }

    /// <summary>Text wanted of the feed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    /// <summary>Tokens wanted of the feed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Pair { get; set; }

    /// <summary>Program wanted of the feed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Program { get; set; }

    /// <summary>Payer wanted of the feed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Payer { get; set; }

    internal LivePanels Panels { get; private set; } = null!;

    /// <summary>Shows the page.</summary>
    public void OnGet() => Panels = HttpContext.RequestServices.GetRequiredService<LiveBroadcaster>().Latest;
}
