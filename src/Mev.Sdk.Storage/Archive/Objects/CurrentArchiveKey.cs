using System.Buffers.Binary;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>The blob that names the archive key for new objects: magic, id, CRC-32C.</summary>
internal static class CurrentArchiveKey
{
    public const int Size = CrcAt + sizeof(uint);
    private const int IdAt = 8;
    private const int CrcAt = IdAt + 16;

    private static ReadOnlySpan<byte> Magic => "MEVKEYC\n"u8;

    public static byte[] Write(Guid id)
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        id.TryWriteBytes(bytes.AsSpan(IdAt), bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Compute(bytes.AsSpan(0, CrcAt)));
        return bytes;
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static Guid Read(ReadOnlySpan<byte> bytes, string name) =>
        bytes.StartsWith(Magic) && BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) == Crc32C.Compute(bytes[..CrcAt])
            ? new Guid(bytes.Slice(IdAt, 16), bigEndian: true)
            : throw new InvalidDataException($"'{name}' is damaged: it does not match its CRC-32C. Delete it, and the next object's key is a new one; no data is lost.");
}
