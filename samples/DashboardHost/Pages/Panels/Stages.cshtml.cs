using Mev.Sdk.DashboardHost.Ingest;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages.Panels;

/// <summary>Every stage of the intake, in the order of the data.</summary>
public sealed class StagesPanelModel : PageModel
{
    internal IngestFacts Facts { get; private set; } = null!;

    /// <summary>Shows the panel.</summary>
    public void OnGet() => Facts = HttpContext.RequestServices.GetRequiredService<IngestWatch>().Latest;

    internal static string StateOf(EngineFacts engine) => engine.Source.State switch
    {
        Sdk.Ingest.SourceState.Connected => "ok",
        Sdk.Ingest.SourceState.Ended => "waiting",
        Sdk.Ingest.SourceState.Disconnected => "down",
        _ => "busy",
    };

    internal static string Slot(ulong slot) => slot == 0 ? Figures.Unknown : slot.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture);

    internal static string Age(DateTimeOffset now, DateTimeOffset? produced) =>
        produced is not { } time ? Figures.Unknown
        : now - time > TimeSpan.FromDays(2) ? Figures.Number(Math.Floor((now - time).TotalDays)) + " days"
        : now - time > TimeSpan.FromMinutes(2) ? Figures.Number(Math.Floor((now - time).TotalMinutes)) + " min"
        : Figures.Time(Math.Max(0, (now - time).TotalSeconds));

    internal static string StateOf(Sdk.Ingest.SinkSnapshot sink) => sink.Waiting.TotalSeconds > 5 ? "down" : sink.Share > 0.9 ? "warn" : sink.Batches == 0 ? "waiting" : "ok";
}
