using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mev.Sdk.Wire;

/// <summary>32 opaque bytes: a nonce, or a message authentication code.</summary>
/// <remarks>It has no text and no equality on purpose: a code is compared in constant time, over <see cref="AsSpan"/>, and never printed.</remarks>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
[InlineArray(4)]
public struct Bytes32
{
    /// <summary>Bytes of a value.</summary>
    public const int Size = 32;

    private ulong _word;

    /// <summary>Copies a value from its 32 bytes.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">The length is not 32.</exception>
    public static Bytes32 From(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? MemoryMarshal.Read<Bytes32>(bytes)
        : throw new ArgumentException($"Expected {Size} bytes, got {bytes.Length}.", nameof(bytes));

    /// <summary>The bytes in place.</summary>
    /// <param name="value">The value to look at.</param>
    /// <returns>A span over the variable itself: it lives as long as the variable does.</returns>
    public static ReadOnlySpan<byte> AsSpan(ref readonly Bytes32 value) => MemoryMarshal.AsBytes(new ReadOnlySpan<Bytes32>(in value));
}
