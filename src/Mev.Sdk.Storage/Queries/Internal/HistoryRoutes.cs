using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Storage.Queries;

/// <summary>Which store answers for what: every slot or instant is one store's, so that a row that stands in two while it is moved is counted once.</summary>
internal static class HistoryRoutes
{
    /// <summary>Divides a range.</summary>
    /// <param name="stores">Nearest first. Asked in that order: rows move away from us, so a stretch cannot slip past between two answers.</param>
    /// <param name="table">The table.</param>
    /// <param name="span">The range.</param>
    /// <param name="onFailure">Hears of a store that could not say what it holds, and may throw.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The parts that somebody answers for, and what nobody does.</returns>
    public static async ValueTask<(List<StoreSpan> Parts, List<HistorySpan> Unheld)> DivideAsync(
        IReadOnlyList<IHistoryStore> stores, HistoryTable table, HistorySpan span, Action<IHistoryStore, Exception> onFailure, CancellationToken cancellationToken)
    {
        var parts = new List<StoreSpan>();
        List<HistorySpan> open = [span];
        foreach (var store in stores)
        {
            IReadOnlyList<HistorySpan> held;
            try
            {
                held = await store.GetSpansAsync(table, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                onFailure(store, e);
                continue;
            }

            foreach (var stretch in Join(held))
            {
                var left = new List<HistorySpan>();
                foreach (var part in open)
                {
                    var common = part.Intersect(stretch);
                    if (common.IsEmpty)
                    {
                        left.Add(part);
                        continue;
                    }

                    parts.Add(new StoreSpan(store, common));
                    AddUnlessEmpty(left, part with { Last = common.First - 1 });
                    AddUnlessEmpty(left, part with { First = common.Last + 1 });
                }

                open = left;
            }
        }

        return (parts, open);
    }

    /// <summary>Whether the stores still answer for what they were asked about.</summary>
    /// <returns>False when a part was taken back meanwhile: the answer may lack its rows.</returns>
    public static async ValueTask<bool> StandAsync(IReadOnlyList<StoreSpan> parts, HistoryTable table, CancellationToken cancellationToken)
    {
        foreach (var own in parts.GroupBy(static p => p.Store))
        {
            List<HistorySpan> held;
            try
            {
                held = Join(await own.Key.GetSpansAsync(table, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                throw new HistoryStoreException(own.Key.Name, own.First().Span, e);
            }

            if (own.Any(part => !held.Any(h => h.First <= part.Span.First && h.Last >= part.Span.Last)))
            {
                return false;
            }
        }

        return true;
    }

    // Adjoining stretches are one statement.
    private static List<HistorySpan> Join(IReadOnlyList<HistorySpan> spans)
    {
        var joined = new List<HistorySpan>(spans.Count);
        foreach (var span in spans.Where(static s => !s.IsEmpty).OrderBy(static s => s.First))
        {
            if (joined.Count > 0 && span.First <= joined[^1].Last + 1)
            {
                joined[^1] = joined[^1] with { Last = Int128.Max(joined[^1].Last, span.Last) };
            }
            else
            {
                joined.Add(span);
            }
        }

        return joined;
    }

    private static void AddUnlessEmpty(List<HistorySpan> spans, HistorySpan span)
    {
        if (!span.IsEmpty)
        {
            spans.Add(span);
        }
    }
}
