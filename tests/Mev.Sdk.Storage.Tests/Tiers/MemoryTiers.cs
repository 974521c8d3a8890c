using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Mev.Sdk.Storage.Queries;
using Mev.Sdk.Storage.Relational;
using Mev.Sdk.Storage.Tests.Archive.Objects;
using Mev.Sdk.Storage.Tiers;

namespace Mev.Sdk.Storage.Tests.Tiers;

/// <summary>Three tiers in memory that count what they are asked to do, and die where a test wants it. What was done before is kept, as a disk would.</summary>
internal sealed class MemoryTiers : ITierSource, ITierTarget, IColdTier
{
    // Behind two LSNs, the signature, the slot and the mark of a time that is null.
    private const int StageAt = 8 + 8 + 64 + 8 + 1;

    private readonly Dictionary<(string Table, TierPartition Partition), List<byte[]>> _hot = [];
    private readonly Dictionary<string, List<byte[]>> _parts = new(StringComparer.Ordinal);
    private ulong _lsn = 1;

    public MemoryTiers()
    {
        Blobs = new MemoryBlobStore { OnWrite = _ => Step("catalogue"), AfterWrite = _ => Step("after catalogue") };
        Catalogue = new TierCatalogueStore(Blobs);
    }

    public string Name => "memory";

    public MemoryBlobStore Blobs { get; }

    public TierCatalogueStore Catalogue { get; }

    /// <summary>The step at which the process dies: no later one is taken. Negative = it lives.</summary>
    public int DiesAt { get; set; } = -1;

    /// <summary>Steps that were taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Last LSN that the archive has.</summary>
    public ulong ArchivedTo { get; set; } = ulong.MaxValue;

    /// <summary>Runs before each step, with its name.</summary>
    public Action<string>? OnStep { get; set; }

    /// <summary>Everything that was ever stored and not overwritten: table, partition and row.</summary>
    public HashSet<string> Stored { get; } = new(StringComparer.Ordinal);

    /// <summary>Time of each partition's newest row.</summary>
    public Dictionary<TierPartition, DateTimeOffset> Newest { get; } = [];

    public int HotRows => _hot.Values.Sum(static rows => rows.Count);

    public IReadOnlyCollection<string> PartNames => _parts.Keys;

    /// <summary>Adds a row; the signature of a transaction is made of <paramref name="signature"/>.</summary>
    public void Add(HistoryTable table, long range, int signature = 0, byte stage = 1)
    {
        var lsn = _lsn++;
        var partition = table.Range == HistoryRange.Slot ? TierPartition.OfSlot((ulong)range) : TierPartition.OfTime(range);
        var row = Row(table, lsn, range, signature, stage);
        Rows(table, partition).Add(row);
        Stored.Add(Text(table, row));
    }

    /// <summary>Takes a row that was stored out of the count: it repeats another one.</summary>
    public void Forget(HistoryTable table, long range, ulong lsn, int signature, byte stage = 1) => Assert.True(Stored.Remove(Text(table, Row(table, lsn, range, signature, stage))));

    public ulong LastLsn => _lsn - 1;

    /// <summary>Changes the stage of a transaction that is hot.</summary>
    public bool Change(TierPartition partition, int index)
    {
        var table = HistoryTables.Transactions;
        var rows = Rows(table, partition);
        if (index >= rows.Count)
        {
            return false;
        }

        Stored.Remove(Text(table, rows[index]));
        rows[index] = [.. rows[index]];
        rows[index][StageAt] ^= 1;
        Stored.Add(Text(table, rows[index]));
        return true;
    }

    /// <summary>What queries would see: each partition's rows from the tier that the catalogue names.</summary>
    public async Task<List<string>> AnswerAsync()
    {
        var catalogue = await Catalogue.ReadAsync(TestContext.Current.CancellationToken);
        var rows = _hot.Where(pair => catalogue.Find(pair.Key.Partition) is null).SelectMany(static pair => pair.Value.Select(row => Text(pair.Key.Table, row))).ToList();
        foreach (var part in catalogue.Entries.Where(static entry => entry.Tier == HistoryTier.Warm).SelectMany(static entry => entry.Parts).Where(static part => part.Sum.Rows > 0))
        {
            rows.AddRange(_parts[part.Name].Select(row => Text(part.Table, row)));
        }

        return rows;
    }

    public ValueTask<IReadOnlyList<PartitionFacts>> GetPartitionsAsync(CancellationToken cancellationToken)
    {
        Step("list hot");
        return new([.. _hot.Where(static pair => pair.Value.Count > 0).GroupBy(static pair => pair.Key.Partition).Select(group => new PartitionFacts
        {
            Partition = group.Key,
            Tier = HistoryTier.Hot,
            Rows = group.Sum(static pair => pair.Value.Count),
            Newest = Newest.TryGetValue(group.Key, out var newest) ? newest : DateTimeOffset.UnixEpoch,
        })]);
    }

    public async IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, TierPartition partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Step("read hot");
        using var buffer = new RowBuffer(table);
        foreach (var chunk in Rows(table, partition).ToList().Chunk(2))
        {
            await Task.Yield();
            buffer.Clear();
            Array.ForEach(chunk, row => buffer.AddRow(row));
            yield return buffer;
        }

        Step("read hot to the end");
    }

    public ValueTask<bool> DeleteAsync(HistoryTable table, TierPartition partition, RowSum expected, CancellationToken cancellationToken)
    {
        Step("delete");
        using var buffer = new RowBuffer(table);
        Rows(table, partition).ForEach(row => buffer.AddRow(row));
        if (default(RowSum).Add(buffer) != expected)
        {
            return new(false);
        }

        Rows(table, partition).Clear();
        Step("after delete");
        return new(true);
    }

    public async ValueTask<long> WriteAsync(HistoryTable table, TierPartition partition, string name, IAsyncEnumerable<RowBuffer> rows, CancellationToken cancellationToken)
    {
        Assert.False(_parts.ContainsKey(name));
        var part = new List<byte[]>();
        await foreach (var buffer in rows.WithCancellation(cancellationToken))
        {
            for (var reader = buffer.Read(); reader.NextRow();)
            {
                part.Add(reader.Row.ToArray());
            }
        }

        Step("write");
        _parts[name] = part;
        Step("after write");
        return part.Sum(static row => row.Length);
    }

    public async IAsyncEnumerable<RowBuffer> ReadAsync(HistoryTable table, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Step("read warm");
        using var buffer = new RowBuffer(table);
        foreach (var row in _parts[name])
        {
            await Task.Yield();
            buffer.Clear();
            buffer.AddRow(row);
            yield return buffer;
        }
    }

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Step("list warm");
        foreach (var name in _parts.Keys.ToList())
        {
            await Task.Yield();
            yield return name;
        }
    }

    public ValueTask RemoveAsync(string name, CancellationToken cancellationToken)
    {
        Step("remove");
        _parts.Remove(name);
        Step("after remove");
        return default;
    }

    public ValueTask<string?> MissesAsync(Lsn first, Lsn last, CancellationToken cancellationToken)
    {
        Step("ask cold");
        return new(last.Value <= ArchivedTo ? null : $"records behind {ArchivedTo}");
    }

    public void Damage(string name) => _parts[name][0][0] ^= 1;

    private static byte[] Row(HistoryTable table, ulong lsn, long range, int signature, byte stage)
    {
        using var buffer = new RowBuffer(table);
        var row = buffer.AddRow();
        foreach (var column in table.Columns)
        {
            if (column.IsNullable)
            {
                row.Null();
                continue;
            }

            switch (column.Type)
            {
                case ColumnType.UInt8: row.UInt8(stage); break;
                case ColumnType.UInt16: row.UInt16(1); break;
                case ColumnType.UInt32: row.UInt32(2); break;
                case ColumnType.UInt64: row.UInt64(column == table.RangeColumn ? (ulong)range : column.Ordinal <= 1 ? lsn : 3); break;
                case ColumnType.Int64: row.Int64(-4); break;
                case ColumnType.Float32: row.Float32(0.5f); break;
                case ColumnType.Float64: row.Float64(0.25); break;
                case ColumnType.Boolean: row.Boolean(true); break;
                case ColumnType.Timestamp: row.Timestamp(column == table.RangeColumn ? range : 5); break;
                case ColumnType.Key: row.Key(default); break;
                case ColumnType.Signature:
                    var bytes = new byte[64];
                    BinaryPrimitives.WriteInt32LittleEndian(bytes, signature);
                    row.Signature(System.Runtime.InteropServices.MemoryMarshal.Read<Signature>(bytes));
                    break;
                case ColumnType.Bytes: row.Bytes([7]); break;
                case ColumnType.Text: row.Text("t"u8); break;
                default: row.Json("{}"u8); break;
            }
        }

        row.Complete();
        return buffer.Bytes.ToArray();
    }

    private static string Text(HistoryTable table, byte[] row) => Text(table.Name, row);

    private static string Text(string table, byte[] row) => $"{table} {Convert.ToHexString(row)}";

    private List<byte[]> Rows(HistoryTable table, TierPartition partition)
    {
        var key = (table.Name, partition);
        return _hot.TryGetValue(key, out var rows) ? rows : _hot[key] = [];
    }

    private void Step(string name)
    {
        OnStep?.Invoke(name);
        if (Steps++ >= DiesAt && DiesAt >= 0)
        {
            throw new KilledException();
        }
    }
}
