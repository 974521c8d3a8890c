using System.Buffers;
using System.Runtime.InteropServices;
using Mev.Sdk.Records;
using Mev.Sdk.Storage.Projection;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>Batches of a real block's transactions with fresh signatures, slot after slot, among the slots' own records; the same ones for the same seed.</summary>
/// <remarks>
/// One sighting each, while its slot is processed; a slot is confirmed two slots later and finalized 32 slots later, as on chain. One payer in twenty is new, the others are drawn from those of the
/// last 65,536 transactions, so that few pay often and many once. All else is the model's, wire bytes and meta too. A batch is as large as a projector makes one by default.
/// </remarks>
internal sealed class TransactionFeed
{
    private const int RecentPayers = 1 << 16;
    private const double NewPayers = 0.05;
    private const ulong FirstSlot = 300_000_000;
    private const long FirstSecond = 1_750_000_000;
    private const ulong SlotsUntilConfirmed = 2;
    private const ulong SlotsUntilFinalized = 32;

    private readonly byte[][] _models;
    private readonly byte[] _slot = new byte[SlotView.GetFrameLength()];
    private readonly Random _random;
    private readonly Pubkey[] _payers = new Pubkey[RecentPayers];
    private int _payersSeen;
    private ulong _lsn = 1;
    private ulong _next;

    public TransactionFeed(ArchiveInput block, int seed)
    {
        _models = [.. block.Frames.Select(static f => f.Frame)];
        SlotView.Write(_slot, 1, new SlotRecord { Stage = SightingStage.Confirmed });
        _random = new Random(seed);
        var options = new ProjectorOptions();
        SlotsPerBatch = Math.Max(1, (int)Math.Min(options.BatchRecords / (_models.Length + 2), options.BatchBytes / _models.Sum(static m => (long)m.Length)));
    }

    /// <summary>Transactions of a slot.</summary>
    public int PerSlot => _models.Length;

    /// <summary>Slots of a batch.</summary>
    public int SlotsPerBatch { get; }

    /// <summary>Transactions of a batch.</summary>
    public int PerBatch => SlotsPerBatch * PerSlot;

    /// <summary>Makes the next slots as one batch.</summary>
    /// <returns>To be released by the caller.</returns>
    public RecordBatch Next()
    {
        var bytes = ArrayPool<byte>.Shared.Rent(SlotsPerBatch * (_models.Sum(static m => m.Length) + (2 * _slot.Length)));
        var (at, count) = (0, 0);
        for (var i = 0; i < SlotsPerBatch; i++, _next++)
        {
            AddTransactions(FirstSlot + _next);
            AddStage(SightingStage.Confirmed, SlotsUntilConfirmed);
            AddStage(SightingStage.Finalized, SlotsUntilFinalized);
        }

        var batch = RecordBatch.Own(bytes, at, count, new StreamPosition(1, 1, _lsn), new Lsn(_lsn));
        _lsn += (ulong)count;
        return batch;

        void AddTransactions(ulong slot)
        {
            for (var model = 0; model < _models.Length; model++)
            {
                ref var record = ref MemoryMarshal.AsRef<TransactionRecord>(Add(_models[model]));
                _random.NextBytes(MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref record.Signature, 1)));
                (record.Payer, record.Slot, record.IndexInBlock, record.Stage) = (Payer(), slot, (uint)model, SightingStage.Processed);
                record.BlockTimeSeconds = FirstSecond + ((long)_next * 2 / 5);
            }
        }

        void AddStage(SightingStage stage, ulong later)
        {
            if (_next >= later)
            {
                ref var record = ref MemoryMarshal.AsRef<SlotRecord>(Add(_slot));
                (record.Slot, record.Stage) = (FirstSlot + _next - later, stage);
            }
        }

        Span<byte> Add(byte[] frame)
        {
            var span = bytes.AsSpan(at, frame.Length);
            frame.CopyTo(span);
            (at, count) = (at + frame.Length, count + 1);
            return span[FrameHeader.Size..];
        }
    }

    private Pubkey Payer()
    {
        Pubkey payer;
        if (_payersSeen == 0 || _random.NextDouble() < NewPayers)
        {
            Span<byte> fresh = stackalloc byte[Pubkey.Size];
            _random.NextBytes(fresh);
            payer = new Pubkey(fresh);
        }
        else
        {
            payer = _payers[_random.Next(Math.Min(_payersSeen, RecentPayers))];
        }

        _payers[_payersSeen++ % RecentPayers] = payer;
        return payer;
    }
}
