using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests.Queries;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.DuckDb.Tests;

/// <summary>A warm tier in memory that lets a test do something when a part was written.</summary>
internal sealed class MemoryTarget : ITierTarget
{
    private readonly ConcurrentDictionary<string, (HistoryTable Table, List<byte[]> Rows)> _parts = new(StringComparer.Ordinal);

    public delegate T RowOf<T>(ref RowReader reader);

    public string Name => "memory";

    public Func<HistoryTable, Task>? AfterWrite { get; set; }

    /// <summary>Something of every row of a table, over all parts.</summary>
    public List<T> Rows<T>(HistoryTable table, RowOf<T> read)
    {
        var values = new List<T>();
        foreach (var row in _parts.Values.Where(part => part.Table == table).SelectMany(static part => part.Rows))
        {
            var reader = new RowReader(table, row);
            Assert.True(reader.NextRow());
            values.Add(read(ref reader));
        }

        return values;
    }

    /// <summary>All rows of a table as values, over all parts.</summary>
    public List<HistoryValue[]> Decode(HistoryTable table)
    {
        using var buffer = new RowBuffer(table);
        foreach (var row in _parts.Values.ToArray().Where(part => part.Table == table).SelectMany(static part => part.Rows))
        {
            buffer.AddRow(row);
        }

        return HistoryData.Decode(buffer);
    }

    public async ValueTask<long> WriteAsync(HistoryTable table, TierPartition partition, string name, IAsyncEnumerable<RowBuffer> rows, CancellationToken cancellationToken)
    {
        var part = new List<byte[]>();
        await foreach (var buffer in rows.WithCancellation(cancellationToken))
        {
            for (var reader = buffer.Read(); reader.NextRow();)
            {
                part.Add(reader.Row.ToArray());
            }
        }

        Assert.True(_parts.TryAdd(name, (table, part)));
        await (AfterWrite?.Invoke(table) ?? Task.CompletedTask);
        return part.Sum(static row => row.Length);
    }

    public async IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var buffer = new RowBuffer(table);
        foreach (var row in _parts[name].Rows)
        {
            buffer.AddRow(row);
        }

        await Task.Yield();
        yield return buffer;
    }

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var name in _parts.Keys.ToList())
        {
            yield return name;
        }
    }

    public ValueTask RemoveAsync(string name, CancellationToken cancellationToken)
    {
        _parts.TryRemove(name, out _);
        return default;
    }
}
