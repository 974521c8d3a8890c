using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.DashboardHost.Transactions;
using Mev.Sdk.Storage.Relational;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OpportunityRow = Mev.Sdk.Storage.Relational.OpportunityRow;

namespace Mev.Sdk.DashboardHost.Pages;

/// <summary>One stored transaction: its row, what its bytes say, and what else is stored about it.</summary>
public sealed class TransactionModel : PageModel
{
    private const ulong BaseFeeLamports = 5_000;

    /// <summary>The signature asked for, base58; from the path, or from the query of the form.</summary>
    [BindProperty(SupportsGet = true, Name = "signature")]
    public string? Signature { get; set; }

    internal bool Malformed { get; private set; }

    /// <summary>What was asked for is an account's address, not a signature.</summary>
    internal bool IsAddress { get; private set; }

    /// <summary>It was seen, and its row is on the way.</summary>
    internal bool IsComing { get; private set; }

    internal TransactionRow? Row { get; private set; }

    internal TransactionDetail? Detail { get; private set; }

    /// <summary>Why it failed, in a sentence; empty when it did not or when its meta is not known.</summary>
    internal string Failure => Detail?.Trace is { } trace ? Solana.Instructions.FailureText.Describe(trace.Error, trace.FailedProgram) : "";

    /// <summary>What the failed program said of itself in the log; empty when it said nothing.</summary>
    internal string LoggedError => Detail?.Trace?.ErrorMessage is { Length: > 0 } message ? $"The program says: {message}" : "";

    /// <summary>What was paid above the base fee of 5,000 lamports a signature; null when it is not known.</summary>
    internal ulong? PriorityFee => Detail?.Trace is { HasMeta: true } trace && Row!.FeeLamports > (ulong)trace.Signatures.Count * BaseFeeLamports
        ? Row.FeeLamports - ((ulong)trace.Signatures.Count * BaseFeeLamports)
        : null;

    internal IReadOnlyList<OpportunityRow> Opportunities { get; private set; } = [];

    /// <summary>A word on whose key it is, when the page knows.</summary>
    internal string Who(Pubkey key) => key == Row!.Payer ? "(payer)" : "";

    /// <summary>Finds the transaction.</summary>
    /// <param name="cancellationToken">The browser left.</param>
    /// <returns>The page; 400 for what is no signature, 404 when nothing is stored.</returns>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var services = HttpContext.RequestServices;
        Signature = Signature?.Trim() ?? "";
        Malformed = !Sdk.Signature.TryParse(Signature, null, out var signature);
        if (!Malformed && RouteData.Values["signature"] is null)
        {
            return Redirect($"/tx/{signature}"); // the form's address is no deep link
        }

        var history = services.GetRequiredService<IHistoryReader>();
        Row = Malformed ? null : await history.FindTransactionAsync(signature, cancellationToken);
        if (Row is null)
        {
            IsAddress = Malformed && Pubkey.TryParse(Signature, null, out _);
            IsComing = !Malformed && services.GetRequiredService<LiveView>().Contains(in signature);
            Response.StatusCode = Malformed ? StatusCodes.Status400BadRequest : StatusCodes.Status404NotFound;
            return Page();
        }

        Detail = await services.GetRequiredService<TransactionReader>().ReadAsync(Row, cancellationToken);
        Opportunities = await history.FindOpportunitiesAsync(signature, cancellationToken);
        return Page();
    }
}
