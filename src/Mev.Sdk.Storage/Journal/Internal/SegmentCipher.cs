using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Encrypts and authenticates the blocks of one segment with that segment's own key; docs/journal-format.md, "Encryption". Not thread-safe.</summary>
internal sealed class SegmentCipher : IDisposable
{
    public const int TagSize = 16;
    private const int NonceSize = 12;
    private const int ContextSize = sizeof(long) + BlockHeader.Size;
    private const uint PayloadUse = 0;
    private const uint HeaderUse = 1;

    // Of the last counters of recovery: the writer's own never get there.
    private const ulong RecoveryCounters = 1UL << 63;
    private readonly AesGcm _aes;
    private ulong _counter;

    private SegmentCipher(ReadOnlySpan<byte> key) => _aes = new AesGcm(key, TagSize);

    private static ReadOnlySpan<byte> Label => "mev-journal 1 segment\0"u8;

    /// <summary>Makes a new segment encrypted: gives its header key id and key check, and a cipher that writes.</summary>
    /// <exception cref="JournalKeyException">The provider does not have the key it calls current.</exception>
    public static SegmentCipher Begin(ref SegmentHeader header, Guid keyId, IKeyProvider keys, string path)
    {
        keyId.TryWriteBytes(header.KeyId, bigEndian: true, out _);
        return Derive(ref header, keyId, keys, path, static (ref h, check) => check.CopyTo(h.KeyCheck));
    }

    /// <summary>The cipher of a segment that exists; null when it is not encrypted.</summary>
    /// <exception cref="JournalKeyException">Its key is unknown, or is another one.</exception>
    public static SegmentCipher? Open(ref SegmentHeader header, IKeyProvider? keys, string path)
    {
        if (!header.IsEncrypted)
        {
            return null;
        }

        var keyId = new Guid(header.KeyId, bigEndian: true);
        return Derive(ref header, keyId, keys, path, (ref h, check) =>
        {
            if (!check.SequenceEqual(h.KeyCheck))
            {
                throw new JournalKeyException(path, keyId, "is another key than the segment was written with");
            }
        });
    }

    /// <summary>Numbers the next block from the random upper half: what recovery writes behind blocks it cannot see.</summary>
    public void UseRecoveryCounter()
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        _counter = BinaryPrimitives.ReadUInt64LittleEndian(random) | RecoveryCounters;
    }

    /// <summary>Gives a block its nonce; once, before it is encrypted.</summary>
    public void Number(ref BlockHeader header) => header.NonceCounter = ++_counter;

    /// <summary>Encrypts a payload; the header is complete but for CRCs and tag.</summary>
    /// <param name="header">The block's header.</param>
    /// <param name="offset">Where the block will stand in its file.</param>
    /// <param name="plain">The payload.</param>
    /// <param name="stored">As long and <see cref="TagSize"/> more.</param>
    public void Encrypt(in BlockHeader header, long offset, ReadOnlySpan<byte> plain, Span<byte> stored)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        Span<byte> context = stackalloc byte[ContextSize];
        Describe(in header, offset, PayloadUse, nonce, context);
        _aes.Encrypt(nonce, plain, stored[..plain.Length], stored[plain.Length..], context);
    }

    /// <returns>False when payload, header or place are not what was written.</returns>
    public bool TryDecrypt(in BlockHeader header, long offset, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        Span<byte> context = stackalloc byte[ContextSize];
        Describe(in header, offset, PayloadUse, nonce, context);
        try
        {
            _aes.Decrypt(nonce, stored[..plain.Length], stored[plain.Length..], plain, context);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <summary>Writes the header's tag.</summary>
    public void Authenticate(ref BlockHeader header, long offset)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        Span<byte> context = stackalloc byte[ContextSize];
        Describe(in header, offset, HeaderUse, nonce, context);
        _aes.Encrypt(nonce, [], [], header.AuthenticationTag, context);
    }

    public bool IsAuthentic(in BlockHeader header, long offset)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        Span<byte> context = stackalloc byte[ContextSize];
        Describe(in header, offset, HeaderUse, nonce, context);
        try
        {
            _aes.Decrypt(nonce, [], header.AuthenticationTag, [], context);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _aes.Dispose();

    private static void Describe(in BlockHeader header, long offset, uint use, Span<byte> nonce, Span<byte> context)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(nonce, use);
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[sizeof(uint)..], header.NonceCounter);
        var bare = header;
        bare.AuthenticationTag = default;
        bare.PayloadCrc32C = 0;
        bare.HeaderCrc32C = 0;
        BinaryPrimitives.WriteInt64LittleEndian(context, offset);
        BlockHeader.AsBytes(ref bare).CopyTo(context[sizeof(long)..]);
    }

    private static SegmentCipher Derive(ref SegmentHeader header, Guid keyId, IKeyProvider? keys, string path, UseCheck useCheck)
    {
        Span<byte> key = stackalloc byte[IKeyProvider.KeySize];
        Span<byte> derived = stackalloc byte[IKeyProvider.KeySize + SegmentHeader.KeyCheckSize];
        Span<byte> info = stackalloc byte[Label.Length + SegmentHeader.KeyCheckOffset];
        try
        {
            if (keys is null || !keys.TryGetKey(keyId, key))
            {
                throw new JournalKeyException(path, keyId, "is not known");
            }

            Label.CopyTo(info);
            SegmentHeader.AsBytes(ref header)[..SegmentHeader.KeyCheckOffset].CopyTo(info[Label.Length..]);
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, header.NoncePrefix, info);
            useCheck(ref header, derived[IKeyProvider.KeySize..]);
            return new SegmentCipher(derived[..IKeyProvider.KeySize]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private delegate void UseCheck(ref SegmentHeader header, ReadOnlySpan<byte> check);
}
