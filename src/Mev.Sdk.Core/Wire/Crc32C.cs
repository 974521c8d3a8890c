using System.Numerics;
using System.Runtime.InteropServices;
using Mev.Sdk.Internal;

namespace Mev.Sdk.Wire;

/// <summary>CRC-32C (Castagnoli), RFC 3720 appendix B.4: reflected polynomial 0x82F63B78.</summary>
/// <remarks>
/// Three ways to the same value, chosen by what the processor has and by length: 64 bytes a step by carry-less multiplication, three
/// interleaved chains of the CRC instruction, or one chain of <see cref="BitOperations.Crc32C(uint, ulong)"/>, which is one instruction on x64
/// (SSE4.2) and arm64 and a table elsewhere. docs/benchmarks.md has the measurements that the limits come from.
/// </remarks>
public static class Crc32C
{
    /// <summary>The value to start with.</summary>
    public const uint Initial = 0xFFFFFFFF;

    // Under these, setting up costs more than it saves: measured on Zen 4 with lengths of 32 to 65,536 bytes.
    private const int VectorBytes = 128;
    private const int ChainBytes = 192;

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
        if (Crc32CVector.IsSupported && bytes.Length >= VectorBytes)
        {
            return Crc32CVector.Append(crc, bytes);
        }

        if (Crc32CChains.IsSupported && bytes.Length >= ChainBytes)
        {
            return Crc32CChains.Append(crc, bytes);
        }

        return AppendPlain(crc, bytes);
    }

    // One dependent chain: 3 cycles for 8 bytes on x64.
    internal static uint AppendPlain(uint crc, ReadOnlySpan<byte> bytes)
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
