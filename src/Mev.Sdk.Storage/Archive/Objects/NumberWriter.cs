using System.Buffers.Binary;
using Mev.Sdk.Storage.Archive.Coding;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Numbers of variable length, 7 bits a byte, low ones first; the indexes are runs of them.</summary>
internal static class NumberWriter
{
    public static void Number(ByteArena output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            output.Add((byte)(value | 0x80));
        }

        output.Add((byte)value);
    }

    /// <summary>A difference, small ones of either sign short.</summary>
    public static void Signed(ByteArena output, long value) => Number(output, (ulong)((value << 1) ^ (value >> 63)));

    public static void Fixed32(ByteArena output, uint value)
    {
        var at = output.Reserve(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(output[at, sizeof(uint)], value);
    }

    public static void Fixed64(ByteArena output, ulong value)
    {
        var at = output.Reserve(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(output[at, sizeof(ulong)], value);
    }
}
