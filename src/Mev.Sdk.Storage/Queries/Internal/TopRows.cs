namespace Mev.Sdk.Storage.Queries;

/// <summary>Keeps the first groups of an answer, whatever order they come in.</summary>
internal sealed class TopRows : IComparer<HistoryRow>
{
    private readonly BoundQuery _query;
    private readonly bool _isInOrder;
    private readonly List<HistoryRow> _inOrder = [];
    private readonly PriorityQueue<HistoryRow, HistoryRow> _last;

    public TopRows(BoundQuery query)
    {
        _query = query;

        // Groups come in the order of what they are grouped by, which is often the one that is wanted.
        _isInOrder = query.Order.Length == query.Groups.Length && query.Order.Index().All(static o => o.Item.Field == o.Index && !o.Item.Descending);
        _last = new PriorityQueue<HistoryRow, HistoryRow>(Comparer<HistoryRow>.Create((left, right) => Compare(right, left)));
    }

    /// <returns>False when no further group can belong to the answer.</returns>
    public bool Add(HistoryRow row)
    {
        if (_query.After.Length > 0 && !IsAfter(row))
        {
            return true;
        }

        if (_isInOrder)
        {
            _inOrder.Add(row);
            return _inOrder.Count < _query.Limit;
        }

        if (_last.Count < _query.Limit)
        {
            _last.Enqueue(row, row);
        }
        else
        {
            _last.EnqueueDequeue(row, row);
        }

        return true;
    }

    public IEnumerable<HistoryRow> Take()
    {
        if (_isInOrder)
        {
            return _inOrder;
        }

        var rows = new HistoryRow[_last.Count];
        for (var i = rows.Length - 1; i >= 0; i--)
        {
            rows[i] = _last.Dequeue();
        }

        return rows;
    }

    public int Compare(HistoryRow x, HistoryRow y)
    {
        foreach (var part in _query.Order)
        {
            var order = HistoryOrders.Compare(x[part.Field], y[part.Field], part.Descending);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private bool IsAfter(HistoryRow row)
    {
        for (var i = 0; i < _query.Order.Length; i++)
        {
            var order = HistoryOrders.Compare(row[_query.Order[i].Field], _query.After[i], _query.Order[i].Descending);
            if (order != 0)
            {
                return order > 0;
            }
        }

        return false;
    }
}
