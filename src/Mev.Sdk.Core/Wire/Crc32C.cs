using System.Numerics;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>CRC-32C (Castagnoli), RFC 3720 appendix B.4: reflected polynomial 0x82F63B78.</summary>
/// <remarks><see cref="BitOperations.Crc32C(uint, ulong)"/> is one hardware instruction on x64 (SSE4.2) and arm64, and a table elsewhere.</remarks>
public static class Crc32C
{
    /// <summary>The value to start with.</summary>
    public const uint Initial = 0xFFFFFFFF;

    /// <summary>The checksum of one span.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The checksum.</returns>
    public static uint Compute(ReadOnlySpan<byte> bytes) => ~Append(Initial, bytes);

    /// <summary>Folds more bytes into a running value; invert the last one for the checksum.</summary>
    /// <param name="crc">The running value, <see cref="Initial"/> at first.</param>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The new running value.</returns>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var value in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
