using System.Buffers.Binary;
using System.Security.Cryptography;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>The blob that names the archive key for new objects: magic, its id, the master key's, nonce, tag of that master key over what stands before the nonce, CRC-32C; docs/archive-format.md, "Keys".</summary>
internal static class CurrentArchiveKey
{
    public const int Size = CrcAt + sizeof(uint);

    /// <summary>Length of the first layout, which nobody vouched for: what it names is not believed, and a new key takes its place.</summary>
    public const int UnprovenSize = 28;

    private const int IdAt = 8;
    private const int MasterAt = IdAt + 16;
    private const int NonceAt = MasterAt + 16;
    private const int TagAt = NonceAt + ObjectFormat.NonceSize;
    private const int CrcAt = TagAt + ObjectFormat.TagSize;

    private static ReadOnlySpan<byte> Magic => "MEVKEYD\n"u8;

    public static byte[] Write(Guid id, Guid masterId, IKeyProvider masters, string name)
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        id.TryWriteBytes(bytes.AsSpan(IdAt), bigEndian: true, out _);
        masterId.TryWriteBytes(bytes.AsSpan(MasterAt), bigEndian: true, out _);
        RandomNumberGenerator.Fill(bytes.AsSpan(NonceAt, ObjectFormat.NonceSize));
        WithMaster(masterId, masters, name, aes => aes.Encrypt(bytes.AsSpan(NonceAt, ObjectFormat.NonceSize), [], [], bytes.AsSpan(TagAt, ObjectFormat.TagSize), bytes.AsSpan(0, NonceAt)));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Compute(bytes.AsSpan(0, CrcAt)));
        return bytes;
    }

    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="ArchiveKeyException">The master key is not there, or is another one, or the blob was changed.</exception>
    public static Guid Read(byte[] bytes, string name, IKeyProvider masters)
    {
        var masterId = MasterOf(bytes, name);
        try
        {
            WithMaster(masterId, masters, name, aes => aes.Decrypt(bytes.AsSpan(NonceAt, ObjectFormat.NonceSize), [], bytes.AsSpan(TagAt, ObjectFormat.TagSize), [], bytes.AsSpan(0, NonceAt)));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw ArchiveKeyException.OfMaster(name, masterId, "is another key than vouched for it, or the blob was changed");
        }

        return new Guid(bytes.AsSpan(IdAt, 16), bigEndian: true);
    }

    /// <summary>Which master key vouches for it.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static Guid MasterOf(ReadOnlySpan<byte> bytes, string name) =>
        bytes.StartsWith(Magic) && BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..]) == Crc32C.Compute(bytes[..CrcAt])
            ? new Guid(bytes.Slice(MasterAt, 16), bigEndian: true)
            : throw new InvalidDataException($"'{name}' is damaged: it does not match its CRC-32C. Delete it, and the next object's key is a new one; no data is lost.");

    private static void WithMaster(Guid masterId, IKeyProvider masters, string name, Action<AesGcm> use)
    {
        var master = new byte[IKeyProvider.KeySize];
        try
        {
            if (!masters.TryGetKey(masterId, master))
            {
                throw ArchiveKeyException.OfMaster(name, masterId, "is not known");
            }

            using var aes = new AesGcm(master, ObjectFormat.TagSize);
            use(aes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(master);
        }
    }
}
