using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests.Queries;

namespace Mev.Sdk.Storage.DuckDb.Tests;

/// <summary>Answers questions about what a <see cref="MemoryTarget"/> has, by the reference.</summary>
internal sealed class MemoryTargetHistory(MemoryTarget target) : IHistoryStore
{
    public string Name => target.Name;

    public HistoryTier Tier => HistoryTier.Warm;

    public ValueTask<IReadOnlyList<HistorySpan>> GetSpansAsync(HistoryTable table, CancellationToken cancellationToken) => new([HistorySpan.All(table.Range)]);

    public async IAsyncEnumerable<HistoryRow> ReadAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var row in ReferenceHistory.Answer(query, target.Decode(HistoryTables.Get(query.Table))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new HistoryRow(row);
        }
    }
}
