using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.CrashHost;

/// <summary>A hot tier that survives a kill: a file of rows for each table and partition, all of them due.</summary>
internal sealed class FileSource(string folder) : ITierSource
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public string Name => "files";

    public static string PathOf(string folder, HistoryTable table, TierPartition partition) => Path.Combine(folder, partition.ToString(), table.Name);

    public ValueTask<IReadOnlyList<PartitionFacts>> GetPartitionsAsync(CancellationToken cancellationToken) => new(
    [
        new PartitionFacts { Partition = new TierPartition(HistoryRange.Slot, 90_000), Tier = HistoryTier.Hot, Rows = 0, Newest = Now },
        .. Directory.GetDirectories(folder).Where(static day => Directory.EnumerateFiles(day).Any()).Select(static day => new PartitionFacts
        {
            Partition = TierPartition.TryParse(Path.GetFileName(day), out var partition) ? partition : throw new InvalidDataException(day),
            Tier = HistoryTier.Hot,
            Rows = 1,
            Newest = Now.AddDays(-40),
        }),
    ]);

    public async IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, TierPartition partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (PathOf(folder, table, partition) is var path && File.Exists(path))
        {
            using var rows = new RowBuffer(table);
            rows.AddRows(await File.ReadAllBytesAsync(path, cancellationToken));
            yield return rows;
        }
    }

    public async ValueTask<bool> DeleteAsync(HistoryTable table, TierPartition partition, RowSum expected, CancellationToken cancellationToken)
    {
        var sum = default(RowSum);
        await foreach (var rows in ReadAsync(table, partition, cancellationToken))
        {
            sum = sum.Add(rows);
        }

        if (sum == expected)
        {
            File.Delete(PathOf(folder, table, partition));
        }

        return sum == expected;
    }
}
