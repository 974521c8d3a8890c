using System.Buffers.Binary;

namespace Mev.Sdk.Solana.Venues;

/// <summary>Instruction data of programs made with Anchor: the first 8 bytes of <c>sha256("global:NAME")</c>, then borsh fields.</summary>
internal static class Anchor
{
    public const int DiscriminatorBytes = 8;

    /// <summary>Discriminator of an event that a program logs by calling itself; the event's own discriminator follows.</summary>
    public const ulong EventCall = 0xe445a52e51cb9a1d;

    /// <summary>The discriminator as it reads in hexadecimal dumps; 0 when the data is too short.</summary>
    public static ulong DiscriminatorOf(ReadOnlySpan<byte> data) =>
        data.Length >= DiscriminatorBytes ? BinaryPrimitives.ReadUInt64BigEndian(data) : 0;

    /// <summary>The first 8 bytes as they read in hexadecimal dumps; missing ones are 0.</summary>
    public static ulong StartOf(ReadOnlySpan<byte> data)
    {
        if (data.Length >= DiscriminatorBytes)
        {
            return BinaryPrimitives.ReadUInt64BigEndian(data);
        }

        ulong start = 0;
        for (var i = 0; i < data.Length; i++)
        {
            start |= (ulong)data[i] << (56 - (8 * i));
        }

        return start;
    }

    /// <summary>A u64 argument by its byte offset behind the discriminator; 0 when the data is too short.</summary>
    public static ulong Argument(ReadOnlySpan<byte> data, int offset) => U64(data, DiscriminatorBytes + offset);

    /// <summary>A u64 at a byte offset; 0 when the data is too short.</summary>
    public static ulong U64(ReadOnlySpan<byte> data, int offset) =>
        data.Length >= offset + sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(data[offset..]) : 0;
}
