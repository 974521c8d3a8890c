using System.Globalization;

namespace Mev.Sdk.Ingest.Internal;

/// <summary>Times as a person says them, for logs and reasons: "85 ms", "1.5 s", "2 min 30 s", "1 h 5 min".</summary>
internal static class DurationText
{
    /// <summary>Rounded to a unit that fits; never negative.</summary>
    public static string Of(TimeSpan duration)
    {
        var milliseconds = Math.Max(0, duration.TotalMilliseconds);
        if (milliseconds is > 0 and < 0.95)
        {
            return Text($"{milliseconds:0.0##} ms");
        }

        if (milliseconds < 999.5)
        {
            return Text($"{milliseconds:0} ms");
        }

        var seconds = milliseconds / 1000;
        if (seconds < 59.95)
        {
            return Text($"{seconds:0.#} s");
        }

        var whole = (long)Math.Round(seconds);
        if (whole < 3600)
        {
            return Two(whole / 60, "min", whole % 60, "s");
        }

        var minutes = (long)Math.Round(seconds / 60);
        return Two(minutes / 60, "h", minutes % 60, "min");
    }

    private static string Two(long large, string unit, long small, string smallUnit) =>
        small == 0 ? Text($"{large} {unit}") : Text($"{large} {unit} {small} {smallUnit}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
