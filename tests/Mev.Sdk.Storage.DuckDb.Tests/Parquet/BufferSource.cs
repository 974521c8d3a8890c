using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests.Queries;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb.Tests.Parquet;

/// <summary>A hot tier in memory, all of it due, and beside it a partition without rows that is as new as <see cref="Now"/>.</summary>
internal sealed class BufferSource : ITierSource
{
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<(TierPartition Partition, HistoryTable Table), List<byte[]>> _rows = [];

    public BufferSource(params IReadOnlyList<RowBuffer> tables)
    {
        foreach (var rows in tables)
        {
            var values = HistoryData.Decode(rows);
            for (var reader = rows.Read(); reader.NextRow();)
            {
                var range = values[reader.RowIndex][rows.Table.RangeColumn!.Ordinal];
                var partition = rows.Table.Range == HistoryRange.Slot ? TierPartition.OfSlot(range.AsUInt64()) : TierPartition.OfTime(range.AsMicroseconds());
                (_rows.TryGetValue((partition, rows.Table), out var some) ? some : _rows[(partition, rows.Table)] = []).Add(reader.Row.ToArray());
            }
        }
    }

    public string Name => "buffer";

    public int Rows => _rows.Values.Sum(static rows => rows.Count);

    public DateTimeOffset Now { get; set; } = Start;

    /// <summary>Runs before rows are read; a test may wait in it.</summary>
    public Func<Task>? OnRead { get; set; }

    public ValueTask<IReadOnlyList<PartitionFacts>> GetPartitionsAsync(CancellationToken cancellationToken) => new(
    [
        new PartitionFacts { Partition = new TierPartition(HistoryRange.Slot, 90_000), Tier = HistoryTier.Hot, Rows = 0, Newest = Now },
        .. _rows.Where(static pair => pair.Value.Count > 0).GroupBy(static pair => pair.Key.Partition).Select(static group => new PartitionFacts
        {
            Partition = group.Key,
            Tier = HistoryTier.Hot,
            Rows = group.Sum(static pair => pair.Value.Count),
            Newest = Start.AddDays(-40),
        }),
    ]);

    public async IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, TierPartition partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await (OnRead?.Invoke() ?? Task.CompletedTask);
        using var buffer = new RowBuffer(table);
        foreach (var chunk in _rows.TryGetValue((partition, table), out var rows) ? rows.Chunk(300) : [])
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

        _rows.GetValueOrDefault((partition, table))?.Clear();
        return true;
    }
}
