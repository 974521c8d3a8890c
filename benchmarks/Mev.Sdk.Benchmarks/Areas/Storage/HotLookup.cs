using System.Diagnostics;
using System.Globalization;
using Mev.Sdk.Benchmarks.Scorecard;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Relational;

namespace Mev.Sdk.Benchmarks.Areas.Storage;

/// <summary>How long one transaction is looked for by its signature.</summary>
internal static class HotLookup
{
    private const int Lookups = 500;
    private const int WarmUp = 20;

    /// <summary>Looks for different transactions, one after the other.</summary>
    /// <param name="name">Of the measure.</param>
    /// <param name="store">Where.</param>
    /// <param name="signatures">Of stored transactions, at least 520.</param>
    /// <param name="origin">What is looked through and how.</param>
    /// <exception cref="InvalidOperationException">One was not found.</exception>
    public static async Task<Measure> RunAsync(string name, IHistoryReader store, IReadOnlyList<Signature> signatures, string origin)
    {
        var picked = signatures.ToArray();
        new Random(5).Shuffle(picked);
        var times = new double[Lookups];
        for (var i = -WarmUp; i < Lookups; i++)
        {
            var signature = picked[i + WarmUp];
            var started = Stopwatch.GetTimestamp();
            var row = await store.FindTransactionAsync(signature).ConfigureAwait(false);
            var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (row?.Signature != signature)
            {
                throw new InvalidOperationException($"{name}: {signature} is stored and was not found.");
            }

            if (i >= 0)
            {
                times[i] = elapsed;
            }
        }

        Array.Sort(times);
        return new Measure
        {
            Name = name,
            Value = times[Lookups / 2],
            Unit = "ms p50",
            LessIsBetter = true,
            Note = string.Create(CultureInfo.InvariantCulture, $"{origin}; {Lookups} different signatures out of {store.TransactionCount} transactions, one after the other, the whole row; p99 {times[Lookups * 99 / 100]:F2} ms"),
        };
    }
}
