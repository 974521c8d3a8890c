namespace Mev.Sdk.Storage.Queries;

/// <summary>The order of answers.</summary>
internal static class HistoryOrders
{
    /// <returns>Negative when <paramref name="left"/> comes first; nulls are last in both directions.</returns>
    public static int Compare(HistoryValue left, HistoryValue right, bool descending)
    {
        var order = left.CompareTo(right);
        return descending && !left.IsNull && !right.IsNull ? -order : order;
    }

    /// <summary>Compares by the first fields, ascending.</summary>
    public static int ComparePrefix(HistoryRow left, HistoryRow right, int fields)
    {
        for (var i = 0; i < fields; i++)
        {
            var order = left[i].CompareTo(right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }
}
