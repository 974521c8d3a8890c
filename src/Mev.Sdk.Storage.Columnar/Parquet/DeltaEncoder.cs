using System.Buffers;
using System.Numerics;

namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>Whole numbers as differences from the one before: slots, LSNs and places in a block take a few bits each.</summary>
/// <remarks>Source: "Delta Encoding (DELTA_BINARY_PACKED = 5)", Apache Parquet "Encodings". Arithmetic wraps in the width of the physical type.</remarks>
internal static class DeltaEncoder
{
    private const int Block = 128;
    private const int MiniBlocks = 4;
    private const int MiniBlock = Block / MiniBlocks;

    /// <summary>Writes numbers.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="values">The numbers, sign-extended from their width.</param>
    /// <param name="isNarrow">True for a physical type of 32 bits, false for 64.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<long> values, bool isNarrow)
    {
        Varint.Write(output, Block);
        Varint.Write(output, MiniBlocks);
        Varint.Write(output, (ulong)values.Length);
        Varint.Write(output, Varint.ZigZag(values.IsEmpty ? 0 : values[0]));
        Span<long> deltas = stackalloc long[Block];
        for (var at = 1; at < values.Length; at += Block)
        {
            var count = Math.Min(Block, values.Length - at);
            for (var i = 0; i < count; i++)
            {
                var delta = unchecked(values[at + i] - values[at + i - 1]);
                deltas[i] = isNarrow ? unchecked((int)delta) : delta;
            }

            WriteBlock(output, deltas[..count], isNarrow);
        }
    }

    private static void WriteBlock(IBufferWriter<byte> output, ReadOnlySpan<long> deltas, bool isNarrow)
    {
        var least = long.MaxValue;
        foreach (var delta in deltas)
        {
            least = Math.Min(least, delta);
        }

        Varint.Write(output, Varint.ZigZag(least));
        Span<ulong> above = stackalloc ulong[Block];
        above.Clear();
        for (var i = 0; i < deltas.Length; i++)
        {
            var difference = unchecked((ulong)(deltas[i] - least));
            above[i] = isNarrow ? (uint)difference : difference;
        }

        // A mini-block that holds no value has a width of 0 and no bytes; the last one that does is filled up.
        var widths = output.GetSpan(MiniBlocks);
        Span<int> bits = stackalloc int[MiniBlocks];
        for (var i = 0; i < MiniBlocks; i++)
        {
            var all = 0UL;
            foreach (var value in above.Slice(i * MiniBlock, MiniBlock))
            {
                all |= value;
            }

            bits[i] = 64 - BitOperations.LeadingZeroCount(all);
            widths[i] = (byte)bits[i];
        }

        output.Advance(MiniBlocks);
        for (var i = 0; i * MiniBlock < deltas.Length; i++)
        {
            BitPacker.Write(output, above.Slice(i * MiniBlock, MiniBlock), bits[i]);
        }
    }
}
