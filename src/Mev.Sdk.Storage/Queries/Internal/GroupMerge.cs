namespace Mev.Sdk.Storage.Queries;

/// <summary>Groups of several stores and of several statements, merged in the order of what they are grouped by: one group is in memory at a time.</summary>
internal sealed class GroupMerge
{
    private readonly BoundQuery _query;
    private readonly AskState _state;
    private readonly HistoryPlannerOptions _options;
    private readonly List<HistoryQuery> _statements = [];
    private readonly List<LogLinearHistogram> _histograms = [];
    private readonly List<DistinctSketch> _sketches = [];
    private readonly (int Statement, int At)[] _sources;
    private readonly HistoryValue[] _plain;
    private readonly int[] _plainAt;

    private GroupMerge(BoundQuery query, AskState state, HistoryPlannerOptions options)
    {
        (_query, _state, _options) = (query, state, options);
        _sources = new (int, int)[query.Aggregates.Length];
        _plainAt = [.. Enumerable.Range(0, query.Aggregates.Length).Where(i => !IsSketch(query.Aggregates[i].Aggregate.Of))];
        _plain = new HistoryValue[_plainAt.Length];
        Plan();
    }

    /// <summary>Answers a question about groups.</summary>
    public static async ValueTask ReadAsync(
        BoundQuery query, IReadOnlyList<StoreSpan> parts, AskState state, HistoryPlannerOptions options, List<HistoryRow> answer, List<StoreStream> streams, CancellationToken cancellationToken)
    {
        if (parts.Count == 1 && query.After.Length == 0 && !query.Aggregates.Any(static a => IsSketch(a.Aggregate.Of)))
        {
            // Nothing to merge: order and limit are the database's.
            streams.Add(new StoreStream(parts[0], query.Query with { Span = parts[0].Span }, 0, state));
            state.Expect(streams);
            while (answer.Count < query.Limit && await streams[0].MoveNextAsync(cancellationToken).ConfigureAwait(false))
            {
                state.Keep(streams[0].Current);
                answer.Add(streams[0].Current);
            }

            return;
        }

        var merge = new GroupMerge(query, state, options);
        await merge.ReadAsync(parts, answer, streams, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsSketch(HistoryAggregation kind) => kind is HistoryAggregation.Quantile or HistoryAggregation.Distinct;

    // One statement has all that databases merge by themselves; each sketch is a statement that groups by its buckets too. Equal sketches are one.
    private void Plan()
    {
        var groups = _query.Query.GroupBy.Select(static (g, i) => g with { Name = FormattableString.Invariant($"g{i}") }).ToList();
        var whole = _query.Query with { Order = [], After = [], GroupBy = groups, Limit = _options.MaxGroups + 1 };
        if (_plainAt.Length > 0 || _query.Aggregates.Length == 0)
        {
            _statements.Add(whole with { Aggregates = [.. _plainAt.Select((a, i) => _query.Aggregates[a].Aggregate with { Name = FormattableString.Invariant($"a{i}") })] });
        }

        var first = _statements.Count;
        var known = new Dictionary<(HistoryAggregation, string, int, BoundFilter?), int>();
        for (var i = 0; i < _sources.Length; i++)
        {
            var aggregate = _query.Aggregates[i];
            if (!IsSketch(aggregate.Aggregate.Of))
            {
                _sources[i] = (0, Array.IndexOf(_plainAt, i));
                continue;
            }

            var isHistogram = aggregate.Aggregate.Of == HistoryAggregation.Quantile;
            var identity = (aggregate.Aggregate.Of, aggregate.Column!.Name, isHistogram ? aggregate.Aggregate.Bits : 0, aggregate.Where);
            if (!known.TryGetValue(identity, out var statement))
            {
                statement = _statements.Count;
                known.Add(identity, statement);
                var bucket = new HistoryGroup
                {
                    Column = aggregate.Column.Name,
                    By = isHistogram ? HistoryGrouping.LogLinear : HistoryGrouping.HashRegister,
                    Bits = aggregate.Aggregate.Bits,
                    Name = "bucket",
                };
                var figure = isHistogram ? new HistoryAggregate { Of = HistoryAggregation.Count, Where = aggregate.Aggregate.Where, Name = "figure" }
                    : new HistoryAggregate { Of = HistoryAggregation.HashRest, Column = aggregate.Column.Name, Where = aggregate.Aggregate.Where, Name = "figure" };
                _statements.Add(whole with { GroupBy = [.. groups, bucket], Aggregates = [figure] });
                _histograms.Add(new LogLinearHistogram(aggregate.Aggregate.Bits));
                _sketches.Add(isHistogram ? null! : new DistinctSketch());
            }

            _sources[i] = (statement, statement - first);
        }
    }

    private async ValueTask ReadAsync(IReadOnlyList<StoreSpan> parts, List<HistoryRow> answer, List<StoreStream> streams, CancellationToken cancellationToken)
    {
        var groups = _query.Groups.Length;
        streams.AddRange(parts.SelectMany(p => _statements.Select((s, i) => new StoreStream(p, s with { Span = p.Span }, i, _state))));
        _state.Expect(streams);
        var comparer = Comparer<HistoryRow>.Create((left, right) => HistoryOrders.ComparePrefix(left, right, groups));
        var queue = new PriorityQueue<StoreStream, HistoryRow>(comparer);
        await StreamSet.BeginAsync(streams, _options.Parallelism, queue, cancellationToken).ConfigureAwait(false);
        var top = new TopRows(_query);
        HistoryRow? current = groups == 0 ? new HistoryRow([]) : null;
        Clear();
        while (queue.TryDequeue(out var stream, out var row))
        {
            if (current is { } key && comparer.Compare(key, row) != 0)
            {
                if (!top.Add(Finish(key)))
                {
                    current = null;
                    break;
                }

                Clear();
            }

            current = row;
            Add(stream.Kind, row);
            if (await stream.MoveNextAsync(cancellationToken).ConfigureAwait(false))
            {
                StreamSet.ThrowIfBehind(stream, row, comparer);
                ThrowIfTooMany(stream);
                queue.Enqueue(stream, stream.Current);
            }
        }

        if (current is { } last)
        {
            top.Add(Finish(last));
        }

        foreach (var row in top.Take())
        {
            _state.Keep(row);
            answer.Add(row);
        }
    }

    private void Clear()
    {
        for (var i = 0; i < _plain.Length; i++)
        {
            _plain[i] = _query.Aggregates[_plainAt[i]].Aggregate.Of is HistoryAggregation.Count or HistoryAggregation.Sum ? 0 : HistoryValue.Null;
        }

        _histograms.ForEach(static h => h.Clear());
        _sketches.ForEach(static s => s?.Clear());
    }

    private void Add(int statement, HistoryRow row)
    {
        var groups = _query.Groups.Length;
        var first = _plainAt.Length > 0 || _query.Aggregates.Length == 0 ? 1 : 0;
        if (statement >= first)
        {
            var (bucket, figure) = (row[groups], row[groups + 1]);
            if (bucket.IsNull || figure.IsNull)
            {
                return;
            }

            if (_sketches[statement - first] is { } sketch)
            {
                sketch.Add((int)bucket.AsInteger(), figure.AsUInt64());
            }
            else if (figure.AsInt64() is var count and > 0)
            {
                _histograms[statement - first].Add((int)bucket.AsInteger(), count);
            }

            return;
        }

        for (var i = 0; i < _plain.Length; i++)
        {
            _plain[i] = Merge(_query.Aggregates[_plainAt[i]].Aggregate.Of, _plain[i], row[groups + i]);
        }
    }

    private static HistoryValue Merge(HistoryAggregation kind, HistoryValue left, HistoryValue right) => kind switch
    {
        HistoryAggregation.Count or HistoryAggregation.Sum => HistoryValue.Integer(checked(left.AsInteger() + right.AsInteger())),
        HistoryAggregation.Max => left.IsNull ? right : right.IsNull || right < left ? left : right,
        _ => left < right ? left : right, // a null is behind everything
    };

    private HistoryRow Finish(HistoryRow key)
    {
        var values = new HistoryValue[_query.Fields.Length];
        var groups = _query.Groups.Length;
        key.Array.AsSpan(0, groups).CopyTo(values);
        for (var i = 0; i < _sources.Length; i++)
        {
            var at = _sources[i].At;
            values[groups + i] = _query.Aggregates[i].Aggregate.Of switch
            {
                HistoryAggregation.Quantile => _histograms[at].Quantile(_query.Aggregates[i].Aggregate.Quantile) is { } quantile ? HistoryValue.Integer(quantile) : HistoryValue.Null,
                HistoryAggregation.Distinct => _sketches[at].Estimate(),
                _ => _plain[at],
            };
        }

        return new HistoryRow(values);
    }

    private void ThrowIfTooMany(StoreStream stream)
    {
        if (stream.Rows > _options.MaxGroups)
        {
            throw new HistoryQueryException([$"groupBy: the store '{stream.Part.Store.Name}' has more than {_options.MaxGroups} groups; group more coarsely, filter more, state a shorter span, or raise Mev:Storage:Queries:MaxGroups."]);
        }
    }
}
