using System.Buffers;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.TestKit;

/// <summary>Collects hand-made records as frames and deals them out in batches with LSNs from 1 on.</summary>
public sealed class RecordStream
{
    private readonly List<byte[]> _frames = [];

    public int Count => _frames.Count;

    public RecordStream Add(in TransactionRecord record, params SwapEntry[] swaps)
    {
        var frame = new byte[TransactionView.GetFrameLength(swaps.Length, 0, 0)];
        TransactionView.Write(frame, 0, in record, swaps, [], []);
        _frames.Add(frame);
        return this;
    }

    public RecordStream Add(in OpportunityRecord record)
    {
        var frame = new byte[OpportunityView.GetFrameLength(0)];
        OpportunityView.Write(frame, 0, in record, []);
        _frames.Add(frame);
        return this;
    }

    public RecordStream Add(in BlockRecord record)
    {
        var frame = new byte[BlockView.GetFrameLength()];
        BlockView.Write(frame, 0, in record);
        _frames.Add(frame);
        return this;
    }

    public RecordStream Add(in SlotRecord record)
    {
        var frame = new byte[SlotView.GetFrameLength()];
        SlotView.Write(frame, 0, in record);
        _frames.Add(frame);
        return this;
    }

    public RecordStream AddFrame(byte[] frame)
    {
        _frames.Add(frame);
        return this;
    }

    /// <summary>The first frames as a stream of their own.</summary>
    public RecordStream Truncate(int count)
    {
        var stream = new RecordStream();
        stream._frames.AddRange(_frames.Take(count));
        return stream;
    }

    /// <summary>Batches of the sizes that the source of sizes gives, each owned by its reader.</summary>
    public IEnumerable<RecordBatch> Batches(Func<int> nextSize)
    {
        for (var at = 0; at < _frames.Count;)
        {
            var count = Math.Clamp(nextSize(), 1, _frames.Count - at);
            var bytes = _frames.Skip(at).Take(count).SelectMany(static f => f).ToArray();
            var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
            bytes.CopyTo(rented, 0);
            yield return RecordBatch.Own(rented, bytes.Length, count, new StreamPosition(1, 1, (ulong)at + 1), Lsn.Create(1, (ulong)at + 1));
            at += count;
        }
    }

    public RecordBatch AsBatch() => Batches(() => int.MaxValue).Single();

    public async IAsyncEnumerable<RecordBatch> BatchesAsync(Func<int> nextSize)
    {
        foreach (var batch in Batches(nextSize))
        {
            await Task.Yield();
            yield return batch;
        }
    }
}
