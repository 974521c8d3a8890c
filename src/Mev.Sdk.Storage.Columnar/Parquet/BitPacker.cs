using System.Buffers;

namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>Packs numbers of a few bits behind each other, least significant bit first.</summary>
internal static class BitPacker
{
    /// <summary>Packs numbers; the last byte is filled up with zeros.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="values">The numbers, each within the width.</param>
    /// <param name="width">Bits of a number, 0 to 64.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<ulong> values, int width)
    {
        var bytes = (int)((((long)values.Length * width) + 7) / 8);
        var span = output.GetSpan(bytes + 1);
        UInt128 pending = 0;
        var bits = 0;
        var at = 0;
        foreach (var value in values)
        {
            pending |= (UInt128)value << bits;
            for (bits += width; bits >= 8; bits -= 8)
            {
                span[at++] = (byte)pending;
                pending >>= 8;
            }
        }

        if (bits > 0)
        {
            span[at] = (byte)pending;
        }

        output.Advance(bytes);
    }
}
