using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.DashboardHost.Transactions;
using Mev.Sdk.Storage.Relational;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages;

/// <summary>The stored transactions, by the filters of the live feed and in pages; works without script.</summary>
public sealed class TransactionsModel : PageModel
{
    internal const int PageRows = 100;

    /// <summary>Kind wanted.</summary>
    [BindProperty(SupportsGet = true)]
    public string Kind { get; set; } = "all";

    /// <summary>Venue wanted; 0 = any.</summary>
    [BindProperty(SupportsGet = true)]
    public int Venue { get; set; }

    /// <summary>Tokens wanted.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Pair { get; set; }

    /// <summary>Program wanted.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Program { get; set; }

    /// <summary>Payer wanted.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Payer { get; set; }

    /// <summary>Text that the live feed was searched for.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    /// <summary>Slot wanted.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Slot { get; set; }

    /// <summary>Rows older than this LSN's value are wanted.</summary>
    [BindProperty(SupportsGet = true)]
    public ulong? Before { get; set; }

    internal HistorySearch Search { get; private set; } = null!;

    internal IReadOnlyList<TransactionRow> Rows { get; private set; } = [];

    /// <summary>Whether there are older rows.</summary>
    internal bool HasMore { get; private set; }

    internal long Stored { get; private set; }

    internal double Threshold { get; private set; }

    /// <summary>Whether anything is asked for.</summary>
    internal bool IsFiltered => Conditions().Any();

    /// <summary>Shows the page.</summary>
    /// <param name="cancellationToken">The browser left.</param>
    /// <returns>The page; a whole signature in <c>q</c> leads to that transaction.</returns>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (Sdk.Signature.TryParse(Q?.Trim(), null, out var signature))
        {
            return Redirect($"/tx/{signature}");
        }

        var services = HttpContext.RequestServices;
        var history = services.GetRequiredService<IHistoryReader>();
        Stored = history.TransactionCount;
        Threshold = services.GetRequiredService<LiveView>().Read().Threshold;
        Search = HistorySearch.From(new FeedFilter(Kind, Venue, Q, Pair, Program, Payer), Slot, Before, PageRows + 1, Threshold);
        if (Search.Query is { } query)
        {
            var found = await services.GetRequiredService<HistoryDesk>().FindAsync(query, cancellationToken);
            HasMore = found.Count > PageRows;
            Rows = HasMore ? [.. found.Take(PageRows)] : found;
        }

        return Page();
    }

    /// <summary>This page with the same filters; another place in the list.</summary>
    internal string Address(string page, ulong? before = null)
    {
        var parts = Conditions().Select(static pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}").ToList();
        if (before is { } lsn)
        {
            parts.Add($"before={lsn.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
        }

        return parts.Count == 0 ? page : $"{page}?{string.Join('&', parts)}";
    }

    private IEnumerable<KeyValuePair<string, string>> Conditions()
    {
        foreach (var (name, value) in ((string, string?)[])[("kind", Kind == "all" ? null : Kind), ("venue", Venue == 0 ? null : $"{Venue}"), ("pair", Pair), ("program", Program), ("payer", Payer), ("q", Q), ("slot", Slot)])
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                yield return new(name, value.Trim());
            }
        }
    }
}
