using System.Buffers.Binary;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>The last 64 bytes of an object; docs/archive-format.md, "Trailer".</summary>
internal readonly record struct ObjectTrailer(long TailOffset, long Length, SectionPlace Directory, Guid ObjectId)
{
    private const int CrcAt = 52;
    private const int MagicAt = 56;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, TailOffset);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], Directory.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(destination[24..], Directory.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[28..], Directory.Crc32C);
        ObjectId.TryWriteBytes(destination[32..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(destination[48..], ObjectFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[CrcAt..], Crc32C.Compute(destination[..CrcAt]));
        ObjectFormat.TrailerMagic.CopyTo(destination[MagicAt..]);
    }

    /// <param name="bytes">The object's last 64 bytes.</param>
    /// <param name="length">The object's length.</param>
    /// <exception cref="SectionDamageException">They are no trailer of an object of this length.</exception>
    public static ObjectTrailer Parse(ReadOnlySpan<byte> bytes, long length)
    {
        if (!bytes[MagicAt..].SequenceEqual(ObjectFormat.TrailerMagic))
        {
            throw new SectionDamageException("it does not end as an archive object does");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) != Crc32C.Compute(bytes[..CrcAt]))
        {
            throw new SectionDamageException("it does not match its CRC-32C");
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[48..]);
        if (version != ObjectFormat.Version)
        {
            throw new SectionDamageException($"it has version {version}, this version of the SDK reads {ObjectFormat.Version}: use the version that wrote it, or a later one");
        }

        var directory = new SectionPlace(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]));
        var trailer = new ObjectTrailer(
            BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), directory, new Guid(bytes.Slice(32, ObjectFormat.ObjectIdSize), bigEndian: true));
        if (trailer.Length != length)
        {
            throw new SectionDamageException($"the object says that it has {trailer.Length} bytes and has {length}");
        }

        return trailer.TailOffset >= ObjectFormat.HeaderSize
            && directory.Length is > 0 and <= ObjectFormat.MaxDirectoryBytes
            && directory.Offset >= trailer.TailOffset
            && directory.End == length - ObjectFormat.TrailerSize
            ? trailer
            : throw new SectionDamageException("its places contradict each other");
    }
}
