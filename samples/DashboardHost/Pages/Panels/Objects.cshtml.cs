using System.Globalization;
using Mev.Sdk.DashboardHost.Archive;
using Mev.Sdk.DashboardHost.Ingest;
using Mev.Sdk.Storage.Archive;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Mev.Sdk.DashboardHost.Pages.Panels;

/// <summary>The archive's objects and their sums.</summary>
public sealed class ObjectsPanelModel : PageModel
{
    internal ArchiveFacts? Facts { get; private set; }

    /// <summary>Shows the panel.</summary>
    public void OnGet() => Facts = HttpContext.RequestServices.GetRequiredService<ArchiveWatch>().Latest;

    internal static string Ratio(long raw, long stored) => stored == 0 ? Figures.Unknown : ((double)raw / stored).ToString("0.0", CultureInfo.InvariantCulture) + " ×";

    internal static string Share(long part, long whole) => whole == 0 ? Figures.Unknown : Figures.Share((double)part / whole);

    internal static string Slots(ArchiveObjectInfo info) =>
        info.LastSlot == 0 ? Figures.Unknown : string.Create(CultureInfo.InvariantCulture, $"{info.FirstSlot:#,0} – {info.LastSlot:#,0}");

    internal static string Times(ArchiveObjectInfo info) =>
        info.GreatestTimeNanoseconds == 0 ? Figures.Unknown : $"{Clock(info.LeastTimeNanoseconds)} – {Clock(info.GreatestTimeNanoseconds)}";

    internal static string Key(ArchiveObjectInfo info) => info.KeyId == Guid.Empty ? "none" : info.KeyId.ToString("N")[..8] + "…";

    private static string Clock(ulong nanoseconds) => nanoseconds / 100 > (ulong)(DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks)
        ? Figures.Unknown
        : DateTime.UnixEpoch.AddTicks((long)(nanoseconds / 100)).ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
