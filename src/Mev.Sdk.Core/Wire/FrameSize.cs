using System.Runtime.CompilerServices;

namespace Mev.Sdk.Wire;

/// <summary>Computes a frame's length before it is written.</summary>
/// <param name="Bytes">Unpadded bytes so far.</param>
public readonly record struct FrameSize(int Bytes)
{
    /// <summary>The frame's length with padding, in bytes.</summary>
    public int Total => WireFormat.Align(Bytes);

    /// <summary>A frame with a fixed block.</summary>
    /// <typeparam name="T">The message's block.</typeparam>
    /// <returns>The size so far.</returns>
    public static FrameSize Of<T>()
        where T : unmanaged, IMessageLayout => new(FrameHeader.Size + Unsafe.SizeOf<T>());

    /// <summary>Adds a group.</summary>
    /// <typeparam name="TEntry">An entry.</typeparam>
    /// <param name="count">How many.</param>
    /// <returns>The size so far.</returns>
    public FrameSize WithGroup<TEntry>(int count)
        where TEntry : unmanaged => new(checked(Bytes + WireFormat.GroupDimensionSize + (count * Unsafe.SizeOf<TEntry>())));

    /// <summary>Adds a variable-length field.</summary>
    /// <param name="length">Its bytes.</param>
    /// <returns>The size so far.</returns>
    public FrameSize WithData(int length) => new(checked(Bytes + WireFormat.DataLengthSize + length));
}
