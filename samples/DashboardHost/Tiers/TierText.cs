using System.Globalization;
using Mev.Sdk.DashboardHost.Ingest;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.DashboardHost.Tiers;

/// <summary>Tiers in words.</summary>
internal static class TierText
{
    public static string Slots(TierLine line) =>
        line.FirstSlot is null ? Figures.Unknown : string.Create(CultureInfo.InvariantCulture, $"{line.FirstSlot:#,0} – {line.LastSlot:#,0}");

    public static string Days(TierLine line) =>
        line.FirstDay is null ? Figures.Unknown : line.FirstDay == line.LastDay ? Day(line.FirstDay.Value) : $"{Day(line.FirstDay.Value)} – {Day(line.LastDay!.Value)}";

    public static string Days(int days) => days == 1 ? "1 day" : string.Create(CultureInfo.InvariantCulture, $"{days:#,0} days");

    public static string Ratio(double? ratio) => ratio is null ? Figures.Unknown : ratio.Value.ToString("0.0", CultureInfo.InvariantCulture) + " ×";

    /// <summary>A partition by what it covers.</summary>
    public static string Of(TierPartition partition) => partition.Range == HistoryRange.Slot
        ? string.Create(CultureInfo.InvariantCulture, $"slots {(ulong)partition.First:#,0} – {(ulong)Int128.Min(ulong.MaxValue, partition.Last):#,0}")
        : Day(DateOnly.FromDayNumber((int)Math.Clamp(partition.Day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber, 0, DateOnly.MaxValue.DayNumber)));

    public static string Age(TimeSpan age) => age.TotalDays >= 2 ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days") : string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.0} h");

    public static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>What the mover does, and how it fares.</summary>
    public static (string State, string Word, string Words) Verdict(TierFacts facts)
    {
        var mover = facts.Mover;
        if ((facts.Problem ?? mover.LastError?.GetBaseException().Message) is { } problem)
        {
            return ("warn", "Trying again", $"{problem} Nothing was deleted that is not stored elsewhere.");
        }

        if (mover.Current is { } move)
        {
            return ("ok", "Moving", $"{Of(move.Partition)} from {Lower(move.From)} to {Lower(move.To)}");
        }

        var held = mover.Due.Count(static due => !due.IsReady);
        var next = mover.LastPass is { } pass ? $"last pass {Figures.Clock(pass)} UTC, every {facts.Options.Interval:c}" : "no pass yet";
        return facts.Options.DryRun ? ("waiting", "Dry run", $"{mover.Due.Count} due, nothing is moved")
            : mover.Other is { } other ? ("waiting", "Waiting", $"another mover works ({other[..Math.Min(8, other.Length)]}…)")
            : ("ok", "At rest", held > 0 ? $"{held} due and held up; {next}" : $"nothing is due; {next}");
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
