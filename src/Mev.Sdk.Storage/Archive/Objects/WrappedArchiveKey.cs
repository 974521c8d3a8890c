using System.Buffers.Binary;
using System.Security.Cryptography;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>An archive key's blob: magic, its id, the master key's id, the wrapped key, CRC-32C; docs/archive-format.md, "Keys".</summary>
internal static class WrappedArchiveKey
{
    public const int Size = CrcAt + sizeof(uint);
    private const int IdAt = 8;
    private const int MasterAt = IdAt + 16;
    private const int WrappedAt = MasterAt + 16;
    private const int CrcAt = WrappedAt + ObjectFormat.WrappedKeySize;

    private static ReadOnlySpan<byte> Magic => "MEVKEY1\n"u8;

    public static byte[] Wrap(ArchiveKey key, Guid masterId, IKeyProvider masters, string name)
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        key.Id.TryWriteBytes(bytes.AsSpan(IdAt), bigEndian: true, out _);
        masterId.TryWriteBytes(bytes.AsSpan(MasterAt), bigEndian: true, out _);
        Span<byte> master = stackalloc byte[IKeyProvider.KeySize];
        try
        {
            Get(masters, masterId, master, name);
            key.Wrap(master, bytes.AsSpan(0, WrappedAt), bytes.AsSpan(WrappedAt, ObjectFormat.WrappedKeySize));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(master);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Compute(bytes.AsSpan(0, CrcAt)));
        return bytes;
    }

    /// <exception cref="InvalidDataException">It is damaged, or is another key.</exception>
    /// <exception cref="ArchiveKeyException">The master key is not there, or is another one.</exception>
    public static ArchiveKey Unwrap(ReadOnlySpan<byte> bytes, string name, Guid id, IKeyProvider masters)
    {
        var masterId = MasterOf(bytes, name);
        if (new Guid(bytes.Slice(IdAt, 16), bigEndian: true) != id)
        {
            throw new InvalidDataException($"'{name}' holds another archive key. Restore it from a copy.");
        }

        Span<byte> master = stackalloc byte[IKeyProvider.KeySize];
        Span<byte> secret = stackalloc byte[IKeyProvider.KeySize];
        try
        {
            Get(masters, masterId, master, name);
            return KeyWrap.TryUnwrap(master, bytes.Slice(WrappedAt, ObjectFormat.WrappedKeySize), bytes[..WrappedAt], secret)
                ? new ArchiveKey(id, secret)
                : throw ArchiveKeyException.OfMaster(name, masterId, "is another key than it was wrapped with, or the blob was changed");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(master);
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Which master key wrapped it.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static Guid MasterOf(ReadOnlySpan<byte> bytes, string name) =>
        bytes.StartsWith(Magic) && BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) == Crc32C.Compute(bytes[..CrcAt])
            ? new Guid(bytes.Slice(MasterAt, 16), bigEndian: true)
            : throw new InvalidDataException($"'{name}' is damaged: it is no archive key that matches its CRC-32C. Restore it from a copy.");

    private static void Get(IKeyProvider masters, Guid masterId, Span<byte> master, string name)
    {
        if (!masters.TryGetKey(masterId, master))
        {
            throw ArchiveKeyException.OfMaster(name, masterId, "is not known");
        }
    }
}
