using System.Buffers.Binary;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>The first 128 bytes of an object; docs/archive-format.md, "Header". The directory has a copy, so that reading needs no request for it.</summary>
internal sealed class ObjectHeader
{
    private const int VersionAt = 8;
    private const int FlagsAt = 10;
    private const int LengthAt = 12;
    private const int ObjectIdAt = 16;
    private const int DictionaryAt = 32;
    private const int KeyIdAt = 64;
    private const int ZerosAt = 80;
    private const int CrcAt = ObjectFormat.HeaderSize - sizeof(uint);
    private const ushort Encrypted = 1;

    private readonly byte[] _bytes;

    private ObjectHeader(byte[] bytes)
    {
        _bytes = bytes;
        ObjectId = new Guid(bytes.AsSpan(ObjectIdAt, ObjectFormat.ObjectIdSize), bigEndian: true);
        KeyId = new Guid(bytes.AsSpan(KeyIdAt, ObjectFormat.ObjectIdSize), bigEndian: true);
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public ReadOnlySpan<byte> ObjectIdBytes => _bytes.AsSpan(ObjectIdAt, ObjectFormat.ObjectIdSize);

    public Guid ObjectId { get; }

    /// <summary>The archive key; <see cref="Guid.Empty"/> when the object is not encrypted.</summary>
    public Guid KeyId { get; }

    public bool IsEncrypted => KeyId != Guid.Empty;

    /// <summary>SHA-256 of the key dictionary that it needs; zeros = none.</summary>
    public ReadOnlySpan<byte> Dictionary => _bytes.AsSpan(DictionaryAt, ObjectFormat.DictionaryHashSize);

    public bool NeedsDictionary => Dictionary.ContainsAnyExcept((byte)0);

    public static ObjectHeader Create(Guid objectId, Guid keyId, ReadOnlySpan<byte> dictionary)
    {
        var bytes = new byte[ObjectFormat.HeaderSize];
        ObjectFormat.HeaderMagic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(VersionAt), ObjectFormat.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(FlagsAt), keyId == Guid.Empty ? (ushort)0 : Encrypted);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(LengthAt), ObjectFormat.HeaderSize);
        objectId.TryWriteBytes(bytes.AsSpan(ObjectIdAt), bigEndian: true, out _);
        dictionary.CopyTo(bytes.AsSpan(DictionaryAt));
        keyId.TryWriteBytes(bytes.AsSpan(KeyIdAt), bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Compute(bytes.AsSpan(0, CrcAt)));
        return new ObjectHeader(bytes);
    }

    /// <exception cref="SectionDamageException">It is none.</exception>
    public static ObjectHeader Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != ObjectFormat.HeaderSize || !bytes.StartsWith(ObjectFormat.HeaderMagic))
        {
            throw new SectionDamageException("it does not begin as an archive object does");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) != Crc32C.Compute(bytes[..CrcAt]))
        {
            throw new SectionDamageException("it does not match its CRC-32C");
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[VersionAt..]);
        if (version != ObjectFormat.Version)
        {
            throw new SectionDamageException($"it has version {version}, this version of the SDK reads {ObjectFormat.Version}: use the version that wrote it, or a later one");
        }

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[FlagsAt..]);
        var header = new ObjectHeader(bytes.ToArray());
        return flags <= Encrypted
            && (flags == Encrypted) == header.IsEncrypted
            && BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthAt..]) == ObjectFormat.HeaderSize
            && !bytes[ZerosAt..CrcAt].ContainsAnyExcept((byte)0)
            ? header
            : throw new SectionDamageException("its fields contradict each other");
    }
}
