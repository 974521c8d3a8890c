using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Tests.Queries;

/// <summary>A tier in memory, whose stretches and failures a test decides.</summary>
internal sealed class ReferenceStore(string name, HistoryTier tier, HistoryTable table, List<HistoryValue[]> rows) : IHistoryStore
{
    private int _reads;

    public string Name => name;

    public HistoryTier Tier => tier;

    public List<HistoryValue[]> Rows => rows;

    public List<HistorySpan> Spans { get; set; } = [HistorySpan.All(table.Range)];

    public int Reads => _reads;

    /// <summary>Called before each read with its number, from 1.</summary>
    public Action<int>? OnRead { get; set; }

    /// <summary>Called before each row with its number within the read, from 0.</summary>
    public Func<int, CancellationToken, ValueTask>? OnRow { get; set; }

    public ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable asked, CancellationToken cancellationToken) => new(Spans.ToArray());

    public async IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var read = Interlocked.Increment(ref _reads);
        OnRead?.Invoke(read);
        List<HistoryValue[]> held;
        lock (rows)
        {
            held = [.. rows];
        }

        var names = query with
        {
            GroupBy = [.. query.GroupBy.Select(static (g, i) => g with { Name = $"g{i}" })],
            Aggregates = [.. query.Aggregates.Select(static (a, i) => a with { Name = $"a{i}" })],
        };
        var place = 0;
        foreach (var row in ReferenceHistory.Answer(names, held))
        {
            if (OnRow is not null)
            {
                await OnRow(place++, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            yield return new HistoryRow(row);
        }
    }
}
