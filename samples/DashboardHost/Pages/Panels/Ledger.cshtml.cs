using System.Globalization;
using Mev.Sdk.DashboardHost.Ingest;
using Mev.Sdk.Records;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages.Panels;

/// <summary>The gap ledger as a table, filtered by state.</summary>
public sealed class LedgerPanelModel : PageModel
{
    private const int MaxRows = 200;

    /// <summary>State wanted; empty = all.</summary>
    [BindProperty(SupportsGet = true)]
    public string? State { get; set; }

    internal IReadOnlyList<CoverageGap> Gaps { get; private set; } = [];

    internal int Matching { get; private set; }

    internal long Total { get; private set; }

    internal CoverageTotals Sums { get; private set; }

    internal string Since { get; private set; } = "";

    /// <summary>Shows the panel.</summary>
    public void OnGet()
    {
        var services = HttpContext.RequestServices;
        var coverage = services.GetRequiredService<ICoverage>();
        Total = coverage.GapCount;
        Since = Figures.Moment(services.GetRequiredService<IngestWatch>().Since);
        if (Total == 0)
        {
            return;
        }

        Sums = coverage.GetTotals();
        var all = coverage.GetGaps();
        var wanted = Enum.TryParse<GapState>(State, ignoreCase: true, out var state) ? all.Where(gap => gap.State == state).ToArray() : all;
        Matching = wanted.Count;
        Gaps = [.. wanted.OrderByDescending(static gap => gap.DetectedAt).Take(MaxRows)];
    }

    // An entry that stands for several gaps says how many records, as far as they were counted, and not which; one without an end says neither.
    internal static string Missing(CoverageGap gap) =>
        gap.IsOpenEnded ? "unknown"
        : gap.IsExact ? Figures.Number(gap.MissingRecords)
        : gap.MissingRecords == 0 ? "some" : $"about {Figures.Number(gap.MissingRecords)} of {Figures.Number(gap.LastSequence - gap.FirstSequence + 1)}";

    internal static string Sequences(CoverageGap gap) =>
        gap.IsOpenEnded ? string.Create(CultureInfo.InvariantCulture, $"from {gap.FirstSequence} on, end unknown")
        : gap.FirstSequence == gap.LastSequence ? string.Create(CultureInfo.InvariantCulture, $"{gap.FirstSequence}")
        : string.Create(CultureInfo.InvariantCulture, $"{(gap.IsExact ? "" : "within ")}{gap.FirstSequence} – {gap.LastSequence}");

    internal static string Slots(CoverageGap gap) =>
        (gap.FirstSlot, gap.LastSlot) switch
        {
            (0, 0) => "any",
            (0, var last) => $"up to {last}",
            (var first, 0) => $"from {first}",
            var (first, last) => first == last ? $"{first}" : $"{first} – {last}",
        };

    internal static string Cause(GapCause cause) => cause switch
    {
        GapCause.Skipped => "skipped",
        GapCause.NotRetained => "not retained",
        GapCause.Dropped => "dropped by the engine",
        GapCause.Unanswered => "unanswered",
        GapCause.NeverMet => "session gone",
        GapCause.EndUnknown => "end of session unknown",
        _ => "not stated",
    };
}
