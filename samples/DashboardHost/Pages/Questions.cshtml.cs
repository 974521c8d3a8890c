using System.Globalization;
using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.DashboardHost.Transactions;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages;

/// <summary>Questions about the whole history, over all tiers; a long one shows how far it has come. Works without script.</summary>
public sealed class QuestionsModel : PageModel
{
    internal const int MaxRows = 200;
    internal const int MaxShares = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>Name of the question.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Ask { get; set; }

    /// <summary>First slot; empty = from the beginning.</summary>
    [BindProperty(SupportsGet = true)]
    public string? First { get; set; }

    /// <summary>Last slot; empty = to the end.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Last { get; set; }

    internal HistoryQuestion? Question { get; private set; }

    internal HistoryAnswer? Answer { get; private set; }

    internal string? Problem { get; private set; }

    /// <summary>Share that is done of one at work.</summary>
    internal double? Fraction { get; private set; }

    /// <summary>Shows the page.</summary>
    /// <param name="cancellationToken">The browser left.</param>
    /// <returns>When the question is answered, or when it takes longer than a page should.</returns>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Ask))
        {
            return;
        }

        Question = DashboardQuestions.All.FirstOrDefault(q => q.Name == Ask);
        if (Question is null)
        {
            Problem = "There is no such question; choose one of the list.";
            return;
        }

        if (!TrySlot(First, 0, out var first) || !TrySlot(Last, ulong.MaxValue, out var last) || first > last)
        {
            Problem = "A slot is a whole number, and the last one is not before the first.";
            return;
        }

        if (HttpContext.RequestServices.GetRequiredService<QuestionDesk>().Begin(Question, HistorySpan.Slots(first, last), MaxRows) is not { } run)
        {
            Problem = "Too many questions are at work; ask again in a moment.";
            return;
        }

        await Task.WhenAny(run.Answer, Task.Delay(Patience, cancellationToken));
        if (!run.Answer.IsCompleted)
        {
            Fraction = run.Fraction;
            Response.Headers["Refresh"] = "1";
            return;
        }

        try
        {
            Answer = await run.Answer;
        }
        catch (Exception e) when (e is HistoryQueryException or IOException or TimeoutException or OperationCanceledException)
        {
            Problem = e.Message;
        }
    }

    internal static string Text(HistoryValue value) => value.Kind switch
    {
        HistoryValueKind.Null => "–",
        HistoryValueKind.Integer => value.AsInteger().ToString("#,0", CultureInfo.InvariantCulture),
        HistoryValueKind.Timestamp => value.AsTimestamp().UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>Who answered, nearest first: <c>hot (duckdb), warm (parquet)</c>.</summary>
    internal static string Tiers(HistoryAnswer answer) => answer.Shares.Count == 0
        ? "no tier"
        : string.Join(", ", answer.Shares.OrderBy(static s => s.Tier).Select(static s => $"{Lower(s.Tier)} ({s.Store})").Distinct());

    internal static string Lower(HistoryTier tier) => tier.ToString().ToLowerInvariant();

    /// <summary>A stretch of slots as people read it; its open ends are words.</summary>
    internal static string Stretch(HistorySpan span) => span.Range != HistoryRange.Slot
        ? span.ToString()
        : $"{(span.First == 0 ? "the beginning" : Slot(span.First))} – {(span.Last == ulong.MaxValue ? "the end" : Slot(span.Last))}";

    /// <summary>Whether a column's numbers are ids that people know by name.</summary>
    internal static bool IsNamed(string field) => field is "venue" or "error_code";

    /// <summary>The name behind an id; null when the value is none.</summary>
    internal static string? NameOf(string field, HistoryValue value) => value.IsNull || value.Kind != HistoryValueKind.Integer ? null : field switch
    {
        "venue" => VenueNames.Get((VenueId)value.AsInt64()),
        "error_code" when Enum.IsDefined((TransactionErrorCode)value.AsInt64()) => Words(((TransactionErrorCode)value.AsInt64()).ToString()),
        _ => null,
    };

    private static string Slot(Int128 slot) => slot.ToString("#,0", CultureInfo.InvariantCulture);

    // InsufficientFundsForFee -> insufficient funds for fee.
    private static string Words(string name) => string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(letter) : letter.ToString()));

    private static bool TrySlot(string? text, ulong otherwise, out ulong slot)
    {
        slot = otherwise;
        return string.IsNullOrWhiteSpace(text) || ulong.TryParse(text.Trim().Replace(",", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out slot);
    }
}
