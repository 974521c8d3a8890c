using System.Buffers.Binary;
using Mev.Sdk.Storage.Archive.Coding;
using Mev.Sdk.Storage.Archive.Objects;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Tests.Archive.Objects;

/// <summary>Objects as somebody writes them who knows the format and has no key: whatever is changed, every checksum is right again.</summary>
internal static class HostileObject
{
    public static ObjectTrailer TrailerOf(byte[] original) => ObjectTrailer.Parse(original.AsSpan(original.Length - ObjectFormat.TrailerSize), original.Length);

    public static byte[] DirectoryOf(byte[] original)
    {
        var place = TrailerOf(original).Directory;
        return original[(int)place.Offset..(int)place.End];
    }

    /// <summary>A field of a directory.</summary>
    public static byte[] Field(int number, ReadOnlySpan<byte> content)
    {
        var output = new ByteArena();
        NumberWriter.Number(output, (ulong)number);
        NumberWriter.Number(output, (ulong)content.Length);
        output.Add(content);
        return output.Written.ToArray();
    }

    public static byte[] Field(int number, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Field(number, bytes);
    }

    /// <summary>With another directory.</summary>
    public static byte[] WithDirectory(byte[] original, ReadOnlySpan<byte> directory) => WithEnd(original, TrailerOf(original).Directory.Offset, directory, TrailerOf(original));

    /// <summary>With other indexes; offsets and checksums follow.</summary>
    public static byte[] WithIndexes(byte[] original, ObjectFile file, byte[] blocks, byte[] signatures)
    {
        var directory = file.Directory;
        var start = directory.BlockIndex.Offset;
        directory.BlockIndex = new SectionPlace(start, blocks.Length, Crc32C.Compute(blocks));
        directory.SignatureIndex = new SectionPlace(directory.BlockIndex.End, signatures.Length, Crc32C.Compute(signatures));
        byte[] head = [.. original.AsSpan(0, (int)start), .. blocks, .. signatures];
        return WithEnd(head, head.Length, directory.Write(null), file.Trailer);
    }

    /// <summary>With another object id.</summary>
    public static byte[] WithId(byte[] original, Guid id)
    {
        // The directory begins with number (1 byte), length (2) and header.
        var directory = DirectoryOf(original);
        var bytes = (byte[])original.Clone();
        SetId(bytes.AsSpan(0, ObjectFormat.HeaderSize), id);
        SetId(directory.AsSpan(3, ObjectFormat.HeaderSize), id);
        var trailer = TrailerOf(original);
        return WithEnd(bytes, trailer.Directory.Offset, directory, trailer with { ObjectId = id });
    }

    private static void SetId(Span<byte> header, Guid id)
    {
        id.TryWriteBytes(header[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32LittleEndian(header[124..], Crc32C.Compute(header[..124]));
    }

    private static byte[] WithEnd(byte[] bytes, long at, ReadOnlySpan<byte> directory, ObjectTrailer trailer)
    {
        var end = new byte[ObjectFormat.TrailerSize];
        var place = new SectionPlace(at, directory.Length, Crc32C.Compute(directory));
        (trailer with { Directory = place, Length = place.End + ObjectFormat.TrailerSize }).Write(end);
        return [.. bytes.AsSpan(0, (int)at), .. directory, .. end];
    }
}
