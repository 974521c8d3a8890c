using System.Runtime.CompilerServices;

namespace Mev.Sdk.Storage.Queries;

/// <summary>Answers history questions from all tiers: asks the stores that hold the range, each for its own part, and merges what they say.</summary>
/// <remarks>
/// Thread-safe. The answer is that of one table with all rows: counts, sums, extremes and sketches are merged, rows come in one order. A store that fails fails the question,
/// by name, unless a partial answer was asked for.
/// </remarks>
/// <example>
/// <code>
/// var planner = new HistoryPlanner([hot, warm], new HistoryPlannerOptions());
/// var answer = await planner.AskAsync(query, cancellationToken: aborted);
/// foreach (var row in answer.Rows) { … }
/// </code>
/// </example>
public sealed class HistoryPlanner
{
    // A move is minutes of work; one that falls into each of several tries of a question is not a move but a fault.
    private const int MaxTries = 4;
    private readonly IHistoryStore[] _stores;
    private readonly HistoryPlannerOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a planner.</summary>
    /// <param name="stores">The stores; one name each.</param>
    /// <param name="options">Read once; defaults when null.</param>
    /// <param name="timeProvider">The clock of the time limit; the system's when null.</param>
    /// <exception cref="ArgumentException">Two stores have one name, or an option is out of range; the message names its key.</exception>
    public HistoryPlanner(IEnumerable<IHistoryStore> stores, HistoryPlannerOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(stores);
        _stores = [.. stores.OrderBy(static s => s.Tier)];
        if (_stores.GroupBy(static s => s.Name, StringComparer.Ordinal).FirstOrDefault(static g => g.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two stores are called '{twice.Key}': give each a name of its own.", nameof(stores));
        }

        options ??= new HistoryPlannerOptions();
        var problems = string.Join(' ', options.Validate());
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        _options = new HistoryPlannerOptions { MaxAnswerBytes = options.MaxAnswerBytes, MaxGroups = options.MaxGroups, Parallelism = options.Parallelism, Timeout = options.Timeout };
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>The stores, nearest first.</summary>
    public IReadOnlyList<IHistoryStore> Stores => _stores;

    /// <summary>Answers a question.</summary>
    /// <param name="query">The question.</param>
    /// <param name="options">How it is asked; whole answers without progress when null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>At most <see cref="HistoryQuery.Limit"/> rows or groups.</returns>
    /// <exception cref="HistoryQueryException">The question is not valid, or its answer is too big.</exception>
    /// <exception cref="HistoryStoreException">A store failed.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="HistoryPlannerOptions.Timeout"/>.</exception>
    public async ValueTask<HistoryAnswer> AskAsync(HistoryQuery query, HistoryAskOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var bound = BoundQuery.Bind(query, isLimited: true);
        options ??= new HistoryAskOptions();
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await AskAsync(bound, options, linked.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is OperationCanceledException or HistoryStoreException)
        {
            throw new TimeoutException($"The question about '{query.Table}' took longer than {_options.Timeout}: state a shorter span or more filters, or raise Mev:Storage:Queries:Timeout.", e);
        }
    }

    /// <summary>Reads everything that a question finds, page after page: <see cref="HistoryQuery.Limit"/> is the size of a page.</summary>
    /// <param name="query">The question.</param>
    /// <param name="options">How each page is asked; progress is that of a page.</param>
    /// <param name="cancellationToken">Gives up between rows, and within a page.</param>
    /// <returns>Rows or groups, as they come; at most one page is in memory.</returns>
    /// <exception cref="HistoryQueryException">The question is not valid, or a page is too big.</exception>
    /// <exception cref="HistoryStoreException">A store failed.</exception>
    /// <exception cref="TimeoutException">A page took longer than <see cref="HistoryPlannerOptions.Timeout"/>.</exception>
    public async IAsyncEnumerable<HistoryRow> ReadAllAsync(HistoryQuery query, HistoryAskOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        while (true)
        {
            var page = await AskAsync(query, options, cancellationToken).ConfigureAwait(false);
            foreach (var row in page.Rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return row;
            }

            if (page.Next.Count == 0)
            {
                yield break;
            }

            query = query with { After = page.Next };
        }
    }

    private async ValueTask<HistoryAnswer> AskAsync(BoundQuery query, HistoryAskOptions options, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var span = query.Span ?? HistorySpan.All(query.Table.Range);
        var failed = new Dictionary<IHistoryStore, string>();
        var missing = new List<HistoryMissing>();
        for (var tries = 1; ; tries++)
        {
            var working = _stores.Where(s => (options.Tier is null || s.Tier == options.Tier) && !failed.ContainsKey(s)).ToList();
            var (parts, _) = await HistoryRoutes.DivideAsync(working, query.Table, span, OnFailure, cancellationToken).ConfigureAwait(false);
            var state = new AskState(_time, _options, options.Progress);
            var answer = new List<HistoryRow>();
            var streams = new List<StoreStream>();
            try
            {
                if (query.IsGroups)
                {
                    await GroupMerge.ReadAsync(query, parts, state, _options, answer, streams, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    await RowMerge.ReadAsync(query, parts, state, _options.Parallelism, answer, streams, cancellationToken).ConfigureAwait(false);
                }

                // Rows that were moved away while they were read are another store's now: what was read may lack them.
                if (_stores.Length == 1 || await HistoryRoutes.StandAsync(parts, query.Table, cancellationToken).ConfigureAwait(false))
                {
                    state.Finish();
                    return Answer(query, answer, streams, missing, _time.GetElapsedTime(started));
                }

                if (tries == MaxTries)
                {
                    throw new IOException($"The tiers moved '{query.Table.Name}' under each of {MaxTries} tries to read {span}: ask again, and look why they move so often.");
                }
            }
            catch (HistoryStoreException e) when (options.AllowPartial && !cancellationToken.IsCancellationRequested)
            {
                var store = parts.First(p => p.Store.Name == e.Store).Store;
                missing.AddRange(parts.Where(p => p.Store == store).Select(p => new HistoryMissing(p.Span, store.Name, e.InnerException!.Message)));
                failed[store] = e.Message;
                tries = 0;
            }
            finally
            {
                foreach (var stream in streams)
                {
                    await stream.DisposeAsync().ConfigureAwait(false);
                }
            }
        }

        void OnFailure(IHistoryStore store, Exception problem)
        {
            if (!options.AllowPartial)
            {
                throw new HistoryStoreException(store.Name, span, problem);
            }

            missing.Add(new HistoryMissing(span, store.Name, problem.Message));
            failed[store] = problem.Message;
        }
    }

    private static HistoryAnswer Answer(BoundQuery query, List<HistoryRow> rows, List<StoreStream> streams, List<HistoryMissing> missing, TimeSpan elapsed)
    {
        HistoryValue[] next = [];
        if (!query.IsGroups)
        {
            var (_, at) = RowMerge.Part(query);
            next = rows.Count == query.Limit ? [.. at.Select(i => rows[^1][i])] : [];
            var fields = query.Fields.Length;
            for (var i = 0; i < rows.Count && rows[i].Count > fields; i++)
            {
                rows[i] = new HistoryRow(rows[i].Array[..fields]);
            }
        }
        else if (rows.Count == query.Limit && query.Groups.Length > 0)
        {
            next = [.. query.Order.Select(o => rows[^1][o.Field])];
        }

        return new HistoryAnswer
        {
            Fields = query.Fields,
            Rows = rows,
            Next = next,
            Missing = missing,
            Shares = [.. streams.GroupBy(static s => s.Part).Select(static g => new HistoryShare(g.Key.Store.Name, g.Key.Store.Tier, g.Key.Span, g.Sum(static s => s.Rows), g.Max(static s => s.FirstAfter)))],
            Elapsed = elapsed,
        };
    }
}
