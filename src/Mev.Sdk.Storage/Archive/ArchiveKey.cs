using System.Security.Cryptography;
using Mev.Sdk.Storage.Archive.Objects;

namespace Mev.Sdk.Storage.Archive;

/// <summary>An archive key: wraps the keys of the objects that are written under it. Its bytes are nobody's to see.</summary>
/// <remarks>Thread-safe; usable until the <see cref="ArchiveKeys"/> that gave it is disposed.</remarks>
public sealed class ArchiveKey
{
    // Clearing waits for whoever uses the bytes: a key that is half zeros must wrap nothing.
    private readonly Lock _gate = new();
    private readonly byte[] _secret = new byte[IKeyProvider.KeySize];
    private bool _isCleared;

    internal ArchiveKey(Guid id, ReadOnlySpan<byte> secret)
    {
        Id = id;
        secret.CopyTo(_secret);
    }

    /// <summary>Its id.</summary>
    public Guid Id { get; }

    internal SectionCipher Begin(ObjectHeader header, out byte[] wrapped)
    {
        lock (_gate)
        {
            return SectionCipher.Create(header, Secret(), out wrapped);
        }
    }

    /// <returns>Null when this is not the key that wrapped, or header or wrapped key were changed.</returns>
    internal SectionCipher? TryOpen(ObjectHeader header, ReadOnlySpan<byte> wrapped)
    {
        lock (_gate)
        {
            return SectionCipher.TryOpen(header, Secret(), wrapped);
        }
    }

    /// <summary>Wraps it by a master key.</summary>
    internal void Wrap(ReadOnlySpan<byte> master, ReadOnlySpan<byte> context, Span<byte> wrapped)
    {
        lock (_gate)
        {
            KeyWrap.Wrap(master, Secret(), context, wrapped);
        }
    }

    internal bool IsSame(ArchiveKey other)
    {
        Span<byte> secret = stackalloc byte[IKeyProvider.KeySize];
        try
        {
            other.CopyTo(secret);
            lock (_gate)
            {
                return Id == other.Id && CryptographicOperations.FixedTimeEquals(Secret(), secret);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    internal void Clear()
    {
        lock (_gate)
        {
            _isCleared = true;
            CryptographicOperations.ZeroMemory(_secret);
        }
    }

    private void CopyTo(Span<byte> secret)
    {
        lock (_gate)
        {
            Secret().CopyTo(secret);
        }
    }

    private ReadOnlySpan<byte> Secret() => _isCleared ? throw new ObjectDisposedException(nameof(ArchiveKeys)) : _secret;
}
