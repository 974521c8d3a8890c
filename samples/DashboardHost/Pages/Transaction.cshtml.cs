using System.Globalization;
using Mev.Sdk.DashboardHost.Live;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Wire;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages;

/// <summary>One stored transaction: its row, and its swaps from the journal's record.</summary>
public sealed class TransactionModel : PageModel
{
    /// <summary>The signature asked for, base58.</summary>
    [BindProperty(SupportsGet = true, Name = "signature")]
    public string Signature { get; set; } = "";

    internal bool Malformed { get; private set; }

    internal TransactionRow? Row { get; private set; }

    internal RawPart? Raw { get; private set; }

    internal IReadOnlyList<SwapLine> Swaps { get; private set; } = [];

    /// <summary>Finds the transaction.</summary>
    /// <param name="cancellationToken">The browser left.</param>
    /// <returns>The page; 404 when nothing is stored.</returns>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        var services = HttpContext.RequestServices;
        Malformed = !Sdk.Signature.TryParse(Signature, null, out var signature);
        Row = Malformed ? null : await services.GetRequiredService<IHistoryReader>().FindTransactionAsync(signature, cancellationToken);
        if (Row is null)
        {
            Response.StatusCode = Malformed ? StatusCodes.Status400BadRequest : StatusCodes.Status404NotFound;
            return Page();
        }

        await foreach (var batch in services.GetRequiredService<IRecordLog>().ReadAsync(Row.RawLsn, follow: false, cancellationToken))
        {
            try
            {
                Take(batch, Row.RawLsn);
            }
            finally
            {
                batch.Release();
            }

            break;
        }

        return Page();
    }

    private void Take(RecordBatch batch, Lsn lsn)
    {
        foreach (var record in batch)
        {
            if (record.Lsn == lsn && TransactionView.TryRead(in record, out var view))
            {
                var format = view.Record.MessageFormat switch { 0 => "legacy", 1 => "v0", 2 => "v1", var other => $"format {other}" };
                Raw = new RawPart(view.Wire.Length, view.Meta.Length, $"{format}, {view.Record.InstructionCount} instructions, {view.Record.SignatureCount} signatures");
                var lines = new List<SwapLine>(view.Swaps.Length);
                foreach (ref readonly var swap in view.Swaps)
                {
                    lines.Add(SwapLine.From(in swap));
                }

                Swaps = lines;
                return;
            }
        }
    }

    internal sealed record RawPart(int WireBytes, int MetaBytes, string Format);

    internal sealed record SwapLine(string Place, string Venue, string Pool, string Gave, string Got, string Trader)
    {
        public static SwapLine From(in SwapEntry swap) => new(
            swap.InnerInstruction == ushort.MaxValue
                ? string.Create(CultureInfo.InvariantCulture, $"#{swap.OuterInstruction + 1}")
                : string.Create(CultureInfo.InvariantCulture, $"#{swap.OuterInstruction + 1}.{swap.InnerInstruction + 1}"),
            VenueNames.Get(swap.Venue) + ((swap.Flags & SwapFlags.Routed) != 0 ? " (routed)" : ""),
            swap.Pool.IsZero ? "unknown" : swap.Pool.ToString(),
            TokenNames.Format(swap.AmountIn, swap.DecimalsIn, TokenNames.Get(in swap.MintIn)),
            TokenNames.Format(swap.AmountOut, swap.DecimalsOut, TokenNames.Get(in swap.MintOut)),
            swap.Trader.IsZero ? "unknown" : swap.Trader.ToString());
    }
}
