using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Mev.Sdk.Storage.Archive;

/// <summary>One generation of the key dictionary: keys that many transactions name, most frequent first, so that an archive object names them by number instead of 32 bytes.</summary>
/// <remarks>
/// <para>Immutable, so thread-safe. It is made by a <see cref="KeyDictionaryBuilder"/> and is what it is by its SHA-256; an object whose header names that hash cannot be read without it.</para>
/// <para>Its blob is the keys' bytes one after the other and nothing else. It is not encrypted: it tells which accounts an archive's transactions name often.</para>
/// </remarks>
public sealed class KeyDictionary
{
    /// <summary>Most keys of a generation.</summary>
    public const int MaxKeys = 65_536;

    /// <summary>Bytes of a generation's hash.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    private const string Folder = "dictionaries/";

    private readonly Pubkey[] _keys;
    private readonly byte[] _hash;

    private KeyDictionary(Pubkey[] keys)
    {
        _keys = keys;
        _hash = SHA256.HashData(Blob);
        BlobName = GetBlobName(_hash);
    }

    /// <summary>The keys, most frequent first; none is there twice. They live as long as the dictionary.</summary>
    public ReadOnlySpan<Pubkey> Keys => _keys;

    /// <summary>SHA-256 of the keys' bytes: <see cref="HashSize"/> bytes that live as long as the dictionary.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>The bytes that are stored: the keys' own. They live as long as the dictionary.</summary>
    public ReadOnlySpan<byte> Blob => MemoryMarshal.AsBytes(_keys.AsSpan());

    /// <summary>The name under which it is stored: <c>dictionaries/</c> and the hash in 64 hexadecimal digits.</summary>
    public string BlobName { get; }

    /// <summary>The name under which a generation is stored.</summary>
    /// <param name="hash">Its hash, <see cref="HashSize"/> bytes.</param>
    /// <returns>The blob's name.</returns>
    /// <exception cref="ArgumentException">The hash has another length.</exception>
    public static string GetBlobName(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != HashSize)
        {
            throw new ArgumentException($"The hash of a key dictionary has {HashSize} bytes, got {hash.Length}.", nameof(hash));
        }

        return Folder + Convert.ToHexStringLower(hash);
    }

    /// <summary>Makes a generation of given keys.</summary>
    /// <param name="keys">The keys, most frequent first; copied.</param>
    /// <returns>The generation.</returns>
    /// <exception cref="ArgumentException">There are none, more than <see cref="MaxKeys"/>, or one is there twice.</exception>
    public static KeyDictionary Create(ReadOnlySpan<Pubkey> keys) =>
        FindFault(keys) is { } fault ? throw new ArgumentException($"These keys make no dictionary: {fault}.", nameof(keys)) : new KeyDictionary(keys.ToArray());

    /// <summary>Reads a stored generation.</summary>
    /// <param name="blob">The whole blob; copied.</param>
    /// <param name="hash">The hash that it must have, <see cref="HashSize"/> bytes.</param>
    /// <returns>The generation.</returns>
    /// <exception cref="InvalidDataException">The bytes have another hash, or are no dictionary.</exception>
    public static KeyDictionary Read(ReadOnlySpan<byte> blob, ReadOnlySpan<byte> hash)
    {
        var name = GetBlobName(hash);
        Span<byte> actual = stackalloc byte[HashSize];
        SHA256.HashData(blob, actual);
        if (!actual.SequenceEqual(hash))
        {
            throw new InvalidDataException($"Key dictionary '{name}' is damaged: its SHA-256 is {Convert.ToHexStringLower(actual)}. Restore the blob from a copy.");
        }

        var keys = MemoryMarshal.Cast<byte, Pubkey>(blob);
        var fault = blob.Length % Pubkey.Size != 0
            ? string.Create(CultureInfo.InvariantCulture, $"its {blob.Length} bytes are not whole keys of {Pubkey.Size}")
            : FindFault(keys);
        return fault is null ? new KeyDictionary(keys.ToArray()) : throw new InvalidDataException($"'{name}' is no key dictionary: {fault}.");
    }

    /// <summary>Loads a generation.</summary>
    /// <param name="store">Where the archive is.</param>
    /// <param name="hash">The generation's hash, <see cref="HashSize"/> bytes.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <returns>The generation.</returns>
    /// <exception cref="BlobNotFoundException">The store does not have it.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="IOException">The store cannot be asked.</exception>
    public static async ValueTask<KeyDictionary> LoadAsync(IBlobStore store, ReadOnlyMemory<byte> hash, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var name = GetBlobName(hash.Span);
        if (await store.GetInfoAsync(name, cancellationToken).ConfigureAwait(false) is not { } info)
        {
            throw new BlobNotFoundException(name, $"The key dictionary '{name}' is not there, and what was archived with it cannot be read without. Restore the blob from a copy.");
        }

        if (info.Length > MaxKeys * Pubkey.Size)
        {
            throw new InvalidDataException($"'{name}' is no key dictionary: it has {info.Length} bytes, and {MaxKeys} keys have {MaxKeys * Pubkey.Size}.");
        }

        var blob = new byte[info.Length];
        await store.ReadAsync(name, 0, blob, cancellationToken).ConfigureAwait(false);
        return Read(blob, hash.Span);
    }

    /// <summary>Stores the generation, unless the store has it.</summary>
    /// <param name="store">Where the archive is.</param>
    /// <param name="cancellationToken">Ends the storing.</param>
    /// <returns>When it is there.</returns>
    /// <exception cref="IOException">The store cannot write it.</exception>
    public async ValueTask SaveAsync(IBlobStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            using var content = new MemoryStream(Blob.ToArray(), writable: false);
            await store.WriteAsync(BlobName, content, BlobCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobConditionFailedException)
        {
            // Its name is its content's hash. That what is there is this content is checked, since objects are about to lean on it.
            await LoadAsync(store, _hash, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string? FindFault(ReadOnlySpan<Pubkey> keys)
    {
        if (keys.IsEmpty || keys.Length > MaxKeys)
        {
            return string.Create(CultureInfo.InvariantCulture, $"a dictionary has 1 to {MaxKeys} keys, got {keys.Length}");
        }

        var seen = new HashSet<Pubkey>(keys.Length);
        foreach (ref readonly var key in keys)
        {
            if (!seen.Add(key))
            {
                return $"key {key} is there twice";
            }
        }

        return null;
    }
}
