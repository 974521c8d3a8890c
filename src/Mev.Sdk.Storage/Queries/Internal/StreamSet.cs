namespace Mev.Sdk.Storage.Queries;

/// <summary>Several statements at work for one question.</summary>
internal static class StreamSet
{
    /// <summary>Has every statement give its first row, a few at a time.</summary>
    public static async ValueTask BeginAsync(IReadOnlyList<StoreStream> streams, int parallelism, PriorityQueue<StoreStream, HistoryRow> queue, CancellationToken cancellationToken)
    {
        if (streams.Count == 1)
        {
            if (await streams[0].MoveNextAsync(cancellationToken).ConfigureAwait(false))
            {
                queue.Enqueue(streams[0], streams[0].Current);
            }

            return;
        }

        var hasRows = new bool[streams.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, streams.Count, options, async (i, token) => hasRows[i] = await streams[i].MoveNextAsync(token).ConfigureAwait(false)).ConfigureAwait(false);
        for (var i = 0; i < hasRows.Length; i++)
        {
            if (hasRows[i])
            {
                queue.Enqueue(streams[i], streams[i].Current);
            }
        }
    }

    /// <exception cref="HistoryStoreException">The store does not keep the order that merging relies on.</exception>
    public static void ThrowIfBehind(StoreStream stream, HistoryRow before, IComparer<HistoryRow> comparer)
    {
        if (comparer.Compare(stream.Current, before) < 0)
        {
            throw new HistoryStoreException(stream.Part.Store.Name, stream.Part.Span, new InvalidDataException($"its rows are out of order ({stream.Current} came behind {before})."));
        }
    }
}
