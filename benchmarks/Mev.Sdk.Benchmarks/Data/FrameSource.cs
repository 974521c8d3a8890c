using System.Buffers;
using Mev.Sdk.Ingest.Solana.Files;
using Mev.Sdk.Simulation;

namespace Mev.Sdk.Benchmarks.Data;

/// <summary>Record frames to measure with.</summary>
internal static class FrameSource
{
    private const int SimulatedSlots = 8;

    /// <summary>The frames of the real block where the machine has it, otherwise of a simulated market.</summary>
    /// <returns>Frames, one behind the other, and where they come from, for the measure's note.</returns>
    public static (byte[] Frames, string Origin) Load()
    {
        if (ChainFiles.Block is not { } path)
        {
            return (Simulated(SimulatedSlots), "a simulated market, since no chain data is at hand");
        }

        var frames = new ArrayBufferWriter<byte>();
        BlockFile.Load(path).WriteFrames(frames);
        return (frames.WrittenSpan.ToArray(), "a mainnet block");
    }

    /// <summary>The frames of a simulated market; the same ones in every run.</summary>
    /// <param name="slots">How many slots.</param>
    public static byte[] Simulated(int slots)
    {
        using var market = new SimulatedMarket(new MarketOptions { Seed = 7 });
        var frames = new ArrayBufferWriter<byte>();
        for (var slot = 0; slot < slots; slot++)
        {
            market.WriteSlot(frames);
        }

        return frames.WrittenSpan.ToArray();
    }
}
