using System.Buffers;
using System.Text;
using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests;

/// <summary>Makes frames whose content is a function of their number, so that a reader can tell a wrong one.</summary>
internal static class TestRecords
{
    public static byte[] Transaction(ulong number, ulong slot, int wireBytes = 200)
    {
        var random = new Random((int)number);
        var signature = new byte[Signature.Size];
        random.NextBytes(signature);
        var wire = new byte[wireBytes];
        random.NextBytes(wire.AsSpan(0, wireBytes / 3));
        var record = new TransactionRecord { Signature = new Signature(signature), Slot = slot, FeeLamports = number, Stage = SightingStage.Confirmed };
        var frame = new byte[TransactionView.GetFrameLength(0, wire.Length, 0)];
        TransactionView.Write(frame, 1_000_000 + number, in record, [], wire, []);
        return frame;
    }

    public static byte[] Metric(ulong number, double? value = null)
    {
        var name = Encoding.UTF8.GetBytes($"metric.{number % 7}");
        var record = new MetricRecord { Value = value ?? number, TimeNanoseconds = number };
        var frame = new byte[MetricView.GetFrameLength(name.Length, 2)];
        MetricView.Write(frame, 0, in record, name, "{}"u8);
        return frame;
    }

    /// <summary>A batch that owns a copy of the frames, stamped with their sequence.</summary>
    public static RecordBatch Batch(IReadOnlyList<byte[]> frames, Lsn firstLsn, ulong firstSequence = 1, uint source = 7, ulong session = 99)
    {
        var length = frames.Sum(static f => f.Length);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        var at = 0;
        for (var i = 0; i < frames.Count; i++)
        {
            frames[i].CopyTo(rented.AsSpan(at));
            FrameWriter.Stamp(rented.AsSpan(at, frames[i].Length), firstSequence + (ulong)i, 5);
            at += frames[i].Length;
        }

        return RecordBatch.Own(rented, length, frames.Count, new StreamPosition(source, session, firstSequence), firstLsn);
    }

    public static RecordBatch Transactions(Lsn firstLsn, int count, ulong firstSequence = 1, uint source = 7, ulong session = 99, int wireBytes = 200) =>
        Batch([.. Enumerable.Range(0, count).Select(i => Transaction(firstSequence + (ulong)i, 1000 + (firstSequence + (ulong)i) / 100, wireBytes))], firstLsn, firstSequence, source, session);
}
