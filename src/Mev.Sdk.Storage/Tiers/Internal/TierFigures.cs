namespace Mev.Sdk.Storage.Tiers.Internal;

/// <summary>What the meter hears of the tiers.</summary>
internal static class TierFigures
{
    /// <summary>What stands and what is due, as of a look.</summary>
    public static void Tell(TierCatalogue catalogue, IReadOnlyList<TierMove> due)
    {
        StorageMetrics.TierStored.Record(catalogue.Entries.SelectMany(static entry => entry.Parts).Sum(static part => part.Bytes), new KeyValuePair<string, object?>("tier", "warm"));
        StorageMetrics.TierDue.Record(due.Count(static move => move.IsReady), new KeyValuePair<string, object?>("state", "ready"));
        StorageMetrics.TierDue.Record(due.Count(static move => !move.IsReady), new KeyValuePair<string, object?>("state", "held"));
        StorageMetrics.TierLag.Record(due.Count == 0 ? 0 : due.Max(static move => move.Overdue).TotalSeconds);
    }

    /// <summary>Parts were published.</summary>
    public static void CameIn(string tier, IReadOnlyList<TierPart> parts)
    {
        var to = new KeyValuePair<string, object?>("to", tier);
        StorageMetrics.TierRows.Add(parts.Sum(static part => part.Sum.Rows), to);
        StorageMetrics.TierBytes.Add(parts.Sum(static part => part.Bytes), to);
        StorageMetrics.TierRowBytes.Add(parts.Sum(static part => part.RowBytes), to);
    }

    /// <summary>A partition's rows are the archive's from now on; its parts go.</summary>
    public static void Cooled(TierEntry entry)
    {
        StorageMetrics.TierRows.Add(entry.Rows, new KeyValuePair<string, object?>("to", "cold"));
        var from = new KeyValuePair<string, object?>("from", "warm");
        StorageMetrics.TierRowsOut.Add(entry.Rows, from);
        StorageMetrics.TierBytesOut.Add(entry.Parts.Sum(static part => part.Bytes), from);
    }
}
