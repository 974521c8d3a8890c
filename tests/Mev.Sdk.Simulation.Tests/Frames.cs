using System.Buffers;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Simulation.Tests;

/// <summary>Plays a market and walks its frames.</summary>
internal static class Frames
{
    public delegate void Visitor(RecordView record);

    public static byte[] Play(SimulatedMarket market, int slots)
    {
        var frames = new ArrayBufferWriter<byte>();
        for (var slot = 0; slot < slots; slot++)
        {
            market.WriteSlot(frames);
        }

        return frames.WrittenSpan.ToArray();
    }

    public static void Walk(ReadOnlySpan<byte> frames, Visitor visit)
    {
        var reader = new FrameReader();
        while (!frames.IsEmpty)
        {
            Assert.Equal(FrameStatus.Done, reader.TryRead(ref frames, out var frame));
            visit(new RecordView(Lsn.None, frame));
        }
    }
}
