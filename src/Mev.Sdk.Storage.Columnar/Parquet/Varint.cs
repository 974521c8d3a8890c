using System.Buffers;

namespace Mev.Sdk.Storage.Columnar.Parquet;

/// <summary>Numbers of variable length, seven bits a byte, least significant first.</summary>
internal static class Varint
{
    private const int MaxBytes = 10;

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static void Write(IBufferWriter<byte> output, ulong value)
    {
        var span = output.GetSpan(MaxBytes);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        output.Advance(length);
    }
}
