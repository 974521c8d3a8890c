using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests.Queries;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb.Tests.Parquet;

/// <summary>A hot tier of one table's rows, all of them due but those of a partition without rows, which is the newest.</summary>
internal sealed class BufferSource : ITierSource
{
    public static readonly DateTimeOffset Newest = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly HistoryTable _table;
    private readonly Dictionary<TierPartition, List<byte[]>> _rows = [];

    public BufferSource(RowBuffer rows)
    {
        _table = rows.Table;
        var values = HistoryData.Decode(rows);
        for (var reader = rows.Read(); reader.NextRow();)
        {
            var range = values[reader.RowIndex][_table.RangeColumn!.Ordinal];
            var partition = _table.Range == HistoryRange.Slot ? TierPartition.OfSlot(range.AsUInt64()) : TierPartition.OfTime(range.AsMicroseconds());
            (_rows.TryGetValue(partition, out var some) ? some : _rows[partition] = []).Add(reader.Row.ToArray());
        }
    }

    public string Name => "buffer";

    public int Rows => _rows.Values.Sum(static rows => rows.Count);

    public ValueTask<IReadOnlyList<PartitionFacts>> GetPartitionsAsync(CancellationToken cancellationToken) => new(
    [
        new PartitionFacts { Partition = new TierPartition(_table.Range, 90_000), Tier = HistoryTier.Hot, Rows = 0, Newest = Newest },
        .. _rows.Where(static pair => pair.Value.Count > 0).Select(static pair => new PartitionFacts { Partition = pair.Key, Tier = HistoryTier.Hot, Rows = pair.Value.Count, Newest = Newest.AddDays(-40) }),
    ]);

    public async IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, TierPartition partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var buffer = new RowBuffer(table);
        foreach (var chunk in table == _table && _rows.TryGetValue(partition, out var rows) ? rows.Chunk(300) : [])
        {
            await Task.Yield();
            buffer.Clear();
            Array.ForEach(chunk, row => buffer.AddRow(row));
            yield return buffer;
        }
    }

    public async ValueTask<bool> DeleteAsync(HistoryTable table, TierPartition partition, RowSum expected, CancellationToken cancellationToken)
    {
        var sum = default(RowSum);
        await foreach (var rows in ReadAsync(table, partition, cancellationToken))
        {
            sum = sum.Add(rows);
        }

        if (sum != expected)
        {
            return false;
        }

        _rows.GetValueOrDefault(partition)?.Clear();
        return true;
    }
}
