using System.Globalization;

namespace Mev.Sdk.DashboardHost.Ingest;

/// <summary>Figures as the page writes them.</summary>
internal static class Figures
{
    public const string Unknown = "–";

    /// <summary>Seconds as the unit that fits.</summary>
    public static string Time(double? seconds) => seconds switch
    {
        null => Unknown,
        < 0.001 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0} µs"),
        < 0.01 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.0} ms"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
    };

    public static string Number(double value) => value.ToString(value < 100 && value != Math.Floor(value) ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    public static string Share(double share) => (share * 100).ToString(share < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";

    public static string Sol(long lamports) => (lamports / 1e9).ToString("0.0000", CultureInfo.InvariantCulture);
}
