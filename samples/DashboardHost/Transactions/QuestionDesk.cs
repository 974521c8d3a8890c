using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.DashboardHost.Transactions;

/// <summary>Questions about the history for pages and the API, a few at a time. One that a page asks goes on while the page is loaded again, so its progress can be shown without script.</summary>
internal sealed class QuestionDesk(HistoryPlanner planner, TimeProvider? time = null) : IDisposable
{
    /// <summary>Questions at a time; further ones wait.</summary>
    public const int MaxQuestions = 2;

    private const int MaxKept = 32;
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromSeconds(10);
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly SemaphoreSlim _places = new(MaxQuestions);
    private readonly Dictionary<(string Name, HistorySpan Span), QuestionRun> _runs = [];

    /// <summary>Answers a question; waits for a place first.</summary>
    public async Task<HistoryAnswer> AskAsync(HistoryQuery query, CancellationToken cancellationToken, IProgress<HistoryProgress>? progress = null)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await planner.AskAsync(query, new HistoryAskOptions { AllowPartial = true, Progress = progress }, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Begins a question of the dashboard, or finds the same one at work or just answered.</summary>
    /// <returns>Null when there are too many at work.</returns>
    public QuestionRun? Begin(HistoryQuestion question, HistorySpan span, int limit)
    {
        lock (_runs)
        {
            var now = _time.GetUtcNow();
            foreach (var (key, old) in _runs.Where(r => r.Value.Answer.IsCompleted ? now - r.Value.Touched > KeptFor : now - r.Value.Touched > AbandonedAfter).ToArray())
            {
                old.Stop();
                _runs.Remove(key);
            }

            if (!_runs.TryGetValue((question.Name, span), out var run))
            {
                if (_runs.Count >= MaxKept)
                {
                    return null;
                }

                run = new QuestionRun();
                run.Answer = AskAsync(question.Query with { Span = span, Limit = Math.Min(limit, question.Query.Limit) }, run.Token, run);
                _runs.Add((question.Name, span), run);
            }

            if (!run.Answer.IsCompleted)
            {
                run.Touched = now;
            }

            return run;
        }
    }

    public void Dispose()
    {
        lock (_runs)
        {
            foreach (var run in _runs.Values)
            {
                run.Stop();
            }
        }

        _places.Dispose();
    }
}
