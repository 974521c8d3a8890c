using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Encrypts and authenticates the sections of one object with that object's own key, each once: the ordinal is the nonce; docs/archive-format.md, "Keys". Thread-safe.</summary>
/// <remarks>The header is authenticated with every section: key, dictionary and object cannot be exchanged for others.</remarks>
internal sealed class SectionCipher : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AesGcm _aes;
    private readonly byte[] _header;

    private SectionCipher(ReadOnlySpan<byte> key, ObjectHeader header)
    {
        _aes = new AesGcm(key, ObjectFormat.TagSize);
        _header = header.Bytes.ToArray();
    }

    /// <summary>Draws the key of a new object and wraps it.</summary>
    /// <param name="header">The object's header, which names the archive key.</param>
    /// <param name="archiveKey">That key.</param>
    /// <param name="wrapped">Gets the wrapped key.</param>
    public static SectionCipher Create(ObjectHeader header, ReadOnlySpan<byte> archiveKey, out byte[] wrapped)
    {
        wrapped = new byte[ObjectFormat.WrappedKeySize];
        Span<byte> key = stackalloc byte[IKeyProvider.KeySize];
        try
        {
            RandomNumberGenerator.Fill(key);
            KeyWrap.Wrap(archiveKey, key, header.Bytes, wrapped);
            return new SectionCipher(key, header);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The cipher of an object.</summary>
    /// <returns>Null when this is not the key that wrapped, or header or wrapped key were changed.</returns>
    public static SectionCipher? TryOpen(ObjectHeader header, ReadOnlySpan<byte> archiveKey, ReadOnlySpan<byte> wrapped)
    {
        Span<byte> key = stackalloc byte[IKeyProvider.KeySize];
        try
        {
            return KeyWrap.TryUnwrap(archiveKey, wrapped, header.Bytes, key) ? new SectionCipher(key, header) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Encrypts a section.</summary>
    /// <param name="ordinal">Its ordinal; each once.</param>
    /// <param name="plain">Its bytes.</param>
    /// <param name="stored">As many and <see cref="ObjectFormat.TagSize"/>.</param>
    public void Encrypt(uint ordinal, ReadOnlySpan<byte> plain, Span<byte> stored)
    {
        Span<byte> nonce = stackalloc byte[ObjectFormat.NonceSize];
        Nonce(ordinal, nonce);
        lock (_gate)
        {
            _aes.Encrypt(nonce, plain, stored[..plain.Length], stored[plain.Length..], _header);
        }
    }

    /// <returns>False when it is not what was encrypted as this section of this object.</returns>
    public bool TryDecrypt(uint ordinal, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[ObjectFormat.NonceSize];
        Nonce(ordinal, nonce);
        try
        {
            lock (_gate)
            {
                _aes.Decrypt(nonce, stored[..plain.Length], stored[plain.Length..], plain, _header);
            }

            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>Writes the tag of the directory, which is not encrypted; it begins with the header.</summary>
    public void Authenticate(ReadOnlySpan<byte> directory, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[ObjectFormat.NonceSize];
        Nonce(ObjectFormat.DirectoryOrdinal, nonce);
        lock (_gate)
        {
            _aes.Encrypt(nonce, [], [], tag, directory);
        }
    }

    public bool IsAuthentic(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[ObjectFormat.NonceSize];
        Nonce(ObjectFormat.DirectoryOrdinal, nonce);
        try
        {
            lock (_gate)
            {
                _aes.Decrypt(nonce, [], tag, [], directory);
            }

            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _aes.Dispose();

    private static void Nonce(uint ordinal, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(nonce, ordinal);
    }
}
