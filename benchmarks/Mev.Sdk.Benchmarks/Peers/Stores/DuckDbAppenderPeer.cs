using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Peers.Stores;

/// <summary>The driver's own bulk path into our table: what one would write with DuckDB.NET alone, without looking for repeats and slots.</summary>
internal sealed class DuckDbAppenderPeer : IDisposable
{
    private readonly DuckDBConnection _connection;
    private readonly DateTime _now = DateTime.UtcNow;

    /// <param name="path">A database that a store has made, and closed.</param>
    /// <param name="memoryMegabytes">As the store's.</param>
    /// <param name="threads">As the store's.</param>
    /// <param name="walMegabytes">As the store's.</param>
    public DuckDbAppenderPeer(string path, int memoryMegabytes, int threads, int walMegabytes)
    {
        _connection = new DuckDBConnection(string.Create(CultureInfo.InvariantCulture, $"Data Source={path};memory_limit={memoryMegabytes}MiB;threads={threads}"));
        _connection.Open();
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // A number.
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"SET GLOBAL checkpoint_threshold = '{walMegabytes}MiB'");
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public Task StoreAsync(RecordBatch batch) => Task.Run(() => Store(batch));

    public void Dispose() => _connection.Dispose();

    private void Store(RecordBatch batch)
    {
        using var transaction = _connection.BeginTransaction();
        using (var appender = _connection.CreateAppender("transactions"))
        {
            foreach (var record in batch)
            {
                if (TransactionView.TryRead(in record, out var view))
                {
                    Add(appender, in view);
                }
            }
        }

        transaction.Commit();
    }

    private void Add(DuckDBAppender appender, in TransactionView view)
    {
        ref readonly var record = ref view.Record;
        var signature = Signature.AsSpan(in record.Signature);
        var row = appender.CreateRow()
            .AppendValue((ulong?)view.Lsn.Value)
            .AppendValue((ulong?)view.Lsn.Value);
        Bytes(row, signature)
            .AppendValue((ulong?)record.Slot)
            .AppendValue((DateTime?)DateTime.UnixEpoch.AddSeconds(record.BlockTimeSeconds))
            .AppendValue((byte?)record.Stage)
            .AppendValue((DateTime?)_now)
            .AppendValue((uint?)record.IndexInBlock);
        Bytes(row, Pubkey.AsSpan(in record.Payer))
            .AppendValue((uint?)record.Flags)
            .AppendValue((ulong?)record.FeeLamports)
            .AppendValue((ulong?)record.TipLamports)
            .AppendValue((ulong?)record.ComputeUnitPriceMicroLamports)
            .AppendValue((uint?)record.ComputeUnitLimit)
            .AppendValue((uint?)record.ComputeUnitsConsumed)
            .AppendValue((ushort?)record.ErrorCode)
            .AppendValue((uint?)record.ErrorCustomCode)
            .AppendValue((ushort?)view.Swaps.Length);
        AddSwap(row, view.Swaps);
        row.AppendNullValue()
            .AppendNullValue()
            .AppendValue((ulong?)BinaryPrimitives.ReadUInt64LittleEndian(signature))
            .EndRow();
    }

    private static void AddSwap(IDuckDBAppenderRow row, ReadOnlySpan<SwapEntry> swaps)
    {
        if (swaps.IsEmpty)
        {
            for (var i = 0; i < 8; i++)
            {
                row.AppendNullValue();
            }

            return;
        }

        ref readonly var swap = ref swaps[0];
        row.AppendValue((ushort?)swap.Venue);
        Bytes(row, Pubkey.AsSpan(in swap.Pool));
        Bytes(row, Pubkey.AsSpan(in swap.MintIn));
        Bytes(row, Pubkey.AsSpan(in swap.MintOut))
            .AppendValue((ulong?)swap.AmountIn)
            .AppendValue((ulong?)swap.AmountOut)
            .AppendValue((byte?)swap.DecimalsIn)
            .AppendValue((byte?)swap.DecimalsOut);
    }

    // The appender takes a writable span and only reads it.
    private static IDuckDBAppenderRow Bytes(IDuckDBAppenderRow row, ReadOnlySpan<byte> bytes) =>
        row.AppendValue(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(bytes), bytes.Length));
}
