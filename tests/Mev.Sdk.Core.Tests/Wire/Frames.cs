using Mev.Sdk.Records;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Tests.Wire;

/// <summary>Frames of every shape for the tests of this folder.</summary>
internal static class Frames
{
    public static byte[] Transaction(ulong sequence, int swaps = 2, int wireBytes = 300, int metaBytes = 77)
    {
        var random = new Random((int)sequence);
        var record = new TransactionRecord
        {
            Signature = Random<Signature>(random),
            Payer = Random<Pubkey>(random),
            Slot = 285_000_037 + sequence,
            FeeLamports = 5_000,
            TipLamports = sequence,
            Flags = TransactionFlags.HasMeta,
            Stage = SightingStage.Confirmed,
        };
        var entries = new SwapEntry[swaps];
        for (var i = 0; i < swaps; i++)
        {
            entries[i] = new SwapEntry { Pool = Random<Pubkey>(random), AmountIn = (ulong)random.NextInt64(), Venue = VenueId.RaydiumV4 };
        }

        var wire = new byte[wireBytes];
        random.NextBytes(wire);
        var meta = new byte[metaBytes];
        random.NextBytes(meta);
        var frame = new byte[TransactionView.GetFrameLength(swaps, wireBytes, metaBytes)];
        TransactionView.Write(frame, 1_724_267_459_000_000_000 + sequence, in record, entries, wire, meta);
        FrameWriter.Stamp(frame, sequence, 1_724_267_459_000_000_000 + sequence);
        return frame;
    }

    public static byte[] Metric(ulong sequence, string name)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(name);
        var frame = new byte[MetricView.GetFrameLength(utf8.Length, 0)];
        MetricView.Write(frame, 7, new MetricRecord { Value = 1.5, TimeNanoseconds = 9 }, utf8, []);
        FrameWriter.Stamp(frame, sequence, 7);
        return frame;
    }

    /// <summary>A short stream of mixed frames.</summary>
    public static byte[] Stream() =>
        [.. Metric(1, "a"), .. Transaction(2, swaps: 0, wireBytes: 0, metaBytes: 0), .. Metric(3, "a longer name"), .. Transaction(4, swaps: 1, wireBytes: 5, metaBytes: 3)];

    public static T Random<T>(Random random)
        where T : unmanaged
    {
        var value = default(T);
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }
}
