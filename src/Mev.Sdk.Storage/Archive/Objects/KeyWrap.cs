using System.Security.Cryptography;

namespace Mev.Sdk.Storage.Archive.Objects;

/// <summary>Encrypts keys with keys: AES-256-GCM under a random nonce, as nonce, encrypted key and tag.</summary>
internal static class KeyWrap
{
    public static void Wrap(ReadOnlySpan<byte> by, ReadOnlySpan<byte> key, ReadOnlySpan<byte> context, Span<byte> wrapped)
    {
        using var aes = new AesGcm(by, ObjectFormat.TagSize);
        var nonce = wrapped[..ObjectFormat.NonceSize];
        RandomNumberGenerator.Fill(nonce);
        aes.Encrypt(nonce, key, wrapped.Slice(ObjectFormat.NonceSize, key.Length), wrapped[(ObjectFormat.NonceSize + key.Length)..], context);
    }

    /// <returns>False when another key wrapped it, or anything was changed.</returns>
    public static bool TryUnwrap(ReadOnlySpan<byte> by, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context, Span<byte> key)
    {
        using var aes = new AesGcm(by, ObjectFormat.TagSize);
        try
        {
            aes.Decrypt(
                wrapped[..ObjectFormat.NonceSize], wrapped.Slice(ObjectFormat.NonceSize, key.Length), wrapped[(ObjectFormat.NonceSize + key.Length)..], key, context);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
