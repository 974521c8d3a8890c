using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Tests.Tiers;

/// <summary>A source that a test can look into, or die in, before and after rows are deleted.</summary>
internal sealed class ProbedSource(ITierSource source) : ITierSource
{
    public Func<HistoryTable, Task> BeforeDelete { get; set; } = static _ => Task.CompletedTask;

    public Func<HistoryTable, Task> AfterDelete { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What each call of <see cref="DeleteAsync"/> said.</summary>
    public List<(string Table, bool Deleted)> Deletes { get; } = [];

    public string Name => source.Name;

    public ValueTask<IReadOnlyList<PartitionFacts>> GetPartitionsAsync(CancellationToken cancellationToken) => source.GetPartitionsAsync(cancellationToken);

    public async IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, TierPartition partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var rows in source.ReadAsync(table, partition, cancellationToken))
        {
            yield return rows;
        }
    }

    public async ValueTask<bool> DeleteAsync(HistoryTable table, TierPartition partition, RowSum expected, CancellationToken cancellationToken)
    {
        await BeforeDelete(table);
        var deleted = await source.DeleteAsync(table, partition, expected, cancellationToken);
        Deletes.Add((table.Name, deleted));
        await AfterDelete(table);
        return deleted;
    }
}
