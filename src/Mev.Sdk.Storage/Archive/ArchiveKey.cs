using System.Security.Cryptography;
using Mev.Sdk.Storage.Archive.Objects;

namespace Mev.Sdk.Storage.Archive;

/// <summary>An archive key: wraps the keys of the objects that are written under it. Its bytes are nobody's to see.</summary>
/// <remarks>Thread-safe; usable until the <see cref="ArchiveKeys"/> that gave it is disposed.</remarks>
public sealed class ArchiveKey
{
    private readonly byte[] _secret = new byte[IKeyProvider.KeySize];
    private volatile bool _isCleared;

    internal ArchiveKey(Guid id, ReadOnlySpan<byte> secret)
    {
        Id = id;
        secret.CopyTo(_secret);
    }

    /// <summary>Its id.</summary>
    public Guid Id { get; }

    internal ReadOnlySpan<byte> Secret => _isCleared ? throw new ObjectDisposedException(nameof(ArchiveKeys)) : _secret;

    internal SectionCipher Begin(ObjectHeader header, out byte[] wrapped) => SectionCipher.Create(header, Secret, out wrapped);

    internal void Clear()
    {
        _isCleared = true;
        CryptographicOperations.ZeroMemory(_secret);
    }
}
