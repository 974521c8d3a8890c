using System.Diagnostics;
using System.Globalization;
using Mev.Sdk.Benchmarks.Data;
using Mev.Sdk.Benchmarks.Scorecard;
using Mev.Sdk.Storage.DuckDb;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Storage.Queries;

namespace Mev.Sdk.Benchmarks.Areas.Storage;

/// <summary>The dashboard's ten history questions over a million transactions, through the planner, in each engine.</summary>
/// <remarks>MEV_QUERY_TRANSACTIONS sets another number, for a quick look; notes say how many there were.</remarks>
internal static class HistoryQuestionMeasures
{
    private const int Rounds = 12;

    private static int Transactions { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("MEV_QUERY_TRANSACTIONS"), CultureInfo.InvariantCulture, out var stated) ? Math.Max(stated, 1000) : 1_000_000;

    public static IEnumerable<Measure> Run()
    {
        var folder = Directory.CreateTempSubdirectory("mev-query-");
        try
        {
            using var duckDb = new DuckDbStore(new DuckDbOptions { Path = Path.Combine(folder.FullName, "history.duckdb") });
            yield return AskAsync("storage.query.duckdb", duckDb, duckDb).GetAwaiter().GetResult();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Fills an empty store and asks it.</summary>
    public static async Task<Measure> AskAsync(string name, IProjectionTarget target, IHistoryStore store)
    {
        var frames = new HistoryFrames();
        await target.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        var filling = Stopwatch.StartNew();
        foreach (var batch in frames.Batches(Transactions))
        {
            await target.ApplyAsync([batch], batch.LastLsn, CancellationToken.None).ConfigureAwait(false);
            batch.Release();
        }

        filling.Stop();
        var planner = new HistoryPlanner([store], new HistoryPlannerOptions { Timeout = TimeSpan.FromMinutes(5) });
        var times = new List<double>();
        var slowest = new Dictionary<string, double>();
        foreach (var question in DashboardQuestions.All)
        {
            await planner.AskAsync(question.Query).ConfigureAwait(false); // reads what a running dashboard has read long ago
            var own = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var answer = await planner.AskAsync(question.Query).ConfigureAwait(false);
                if (answer.Rows.Count == 0)
                {
                    throw new InvalidOperationException($"{name}: '{question.Name}' found nothing.");
                }

                own.Add(answer.Elapsed.TotalMilliseconds);
            }

            times.AddRange(own);
            slowest[question.Name] = own.Order().ElementAt(own.Count / 2);
        }

        times.Sort();
        return new Measure
        {
            Name = name,
            Value = times[(int)Math.Ceiling(times.Count * 0.95) - 1],
            Unit = "ms p95",
            LessIsBetter = true,
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $"the dashboard's ten history questions through the planner, {Rounds} rounds each after one unmeasured, over {Transactions} transactions made of {frames.Origin} with fresh signatures and 50,000 payers of skewed rank, an opportunity to every 50th, a score to every third; projected in {filling.Elapsed.TotalSeconds:0.0} s. Medians, ms: {string.Join(", ", slowest.Select(static s => string.Create(CultureInfo.InvariantCulture, $"{s.Key} {s.Value:0}")))}"),
        };
    }
}
