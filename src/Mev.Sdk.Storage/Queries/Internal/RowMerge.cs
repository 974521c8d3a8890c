namespace Mev.Sdk.Storage.Queries;

/// <summary>Rows of several stores in one order.</summary>
internal static class RowMerge
{
    /// <summary>The query that a store answers: the columns wanted, and those of the order behind them.</summary>
    public static (HistoryQuery Query, int[] OrderAt) Part(BoundQuery query)
    {
        var columns = query.Columns.Select(static c => c.Name).ToList();
        var at = new int[query.Order.Length];
        for (var i = 0; i < at.Length; i++)
        {
            var name = query.Order[i].Column!.Name;
            at[i] = columns.IndexOf(name);
            if (at[i] < 0)
            {
                at[i] = columns.Count;
                columns.Add(name);
            }
        }

        return (query.Query with { Columns = columns }, at);
    }

    /// <summary>Reads the first rows of the answer.</summary>
    public static async ValueTask ReadAsync(
        BoundQuery query, IReadOnlyList<StoreSpan> parts, AskState state, int parallelism, List<HistoryRow> answer, List<StoreStream> streams, CancellationToken cancellationToken)
    {
        var (part, at) = Part(query);
        var first = query.Order[0];
        if (first.Column == query.Table.RangeColumn)
        {
            // The parts follow one another in this order: a later one is asked only when those before have too little.
            var ordered = first.Descending ? parts.OrderByDescending(static p => p.Span.First) : parts.OrderBy(static p => p.Span.First);
            streams.AddRange(ordered.Select(p => new StoreStream(p, part with { Span = p.Span }, 0, state)));
            state.Expect(streams);
            foreach (var stream in streams)
            {
                if (answer.Count < query.Limit)
                {
                    await MergeAsync(query, [stream], at, state, 1, answer, cancellationToken).ConfigureAwait(false);
                }
            }

            return;
        }

        streams.AddRange(parts.Select(p => new StoreStream(p, part with { Span = p.Span }, 0, state)));
        state.Expect(streams);
        await MergeAsync(query, streams, at, state, parallelism, answer, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask MergeAsync(
        BoundQuery query, IReadOnlyList<StoreStream> streams, int[] at, AskState state, int parallelism, List<HistoryRow> answer, CancellationToken cancellationToken)
    {
        var comparer = Comparer<HistoryRow>.Create((left, right) =>
        {
            for (var i = 0; i < at.Length; i++)
            {
                var order = HistoryOrders.Compare(left[at[i]], right[at[i]], query.Order[i].Descending);
                if (order != 0)
                {
                    return order;
                }
            }

            return 0;
        });
        var queue = new PriorityQueue<StoreStream, HistoryRow>(comparer);
        await StreamSet.BeginAsync(streams, parallelism, queue, cancellationToken).ConfigureAwait(false);
        while (answer.Count < query.Limit && queue.TryDequeue(out var stream, out var row))
        {
            state.Keep(row);
            answer.Add(row);
            if (await stream.MoveNextAsync(cancellationToken).ConfigureAwait(false))
            {
                StreamSet.ThrowIfBehind(stream, row, comparer);
                queue.Enqueue(stream, stream.Current);
            }
        }
    }
}
