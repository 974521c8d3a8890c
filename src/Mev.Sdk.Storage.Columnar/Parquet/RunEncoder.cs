using System.Buffers;

namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>The hybrid of runs and bit-packed groups of eight that levels and dictionary indices are written in.</summary>
/// <remarks>Source: "Run Length Encoding / Bit-Packing Hybrid (RLE = 3)", Apache Parquet "Encodings".</remarks>
internal static class RunEncoder
{
    private const int Group = 8;

    /// <summary>Writes numbers.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="values">The numbers, each within the width.</param>
    /// <param name="width">Bits of a number, 0 to 32.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<ulong> values, int width)
    {
        Span<ulong> last = stackalloc ulong[Group];
        for (var at = 0; at < values.Length;)
        {
            var run = RunAt(values, at);
            if (run >= Group)
            {
                WriteRun(output, values[at], run, width);
                at += run;
                continue;
            }

            var start = at;
            do
            {
                at = Math.Min(at + Group, values.Length);
            }
            while (at < values.Length && RunAt(values, at) < Group);

            var whole = (at - start) / Group * Group;
            var rest = at - start - whole;
            Varint.Write(output, ((ulong)((at - start + Group - 1) / Group) << 1) | 1);
            BitPacker.Write(output, values.Slice(start, whole), width);
            if (rest > 0)
            {
                last.Clear();
                values.Slice(start + whole, rest).CopyTo(last);
                BitPacker.Write(output, last, width);
            }
        }
    }

    // Whole groups end at a byte, so that packing them apart from the last one is the same.
    private static int RunAt(ReadOnlySpan<ulong> values, int at)
    {
        var length = values[at..].IndexOfAnyExcept(values[at]);
        return length < 0 ? values.Length - at : length;
    }

    private static void WriteRun(IBufferWriter<byte> output, ulong value, int count, int width)
    {
        Varint.Write(output, (ulong)count << 1);
        var bytes = (width + 7) / 8;
        var span = output.GetSpan(bytes + 1);
        for (var i = 0; i < bytes; i++)
        {
            span[i] = (byte)(value >> (8 * i));
        }

        output.Advance(bytes);
    }
}
