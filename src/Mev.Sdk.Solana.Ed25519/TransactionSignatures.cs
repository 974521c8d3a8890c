using Mev.Sdk.Solana.Transactions;
using NSec.Cryptography;

namespace Mev.Sdk.Solana.Ed25519;

/// <summary>Verifies the signatures of transactions.</summary>
/// <remarks>
/// Ed25519 of RFC 8032 as libsodium verifies it: signatures with a scalar out of range and keys of small order are refused, as Solana's own strict verification does. A
/// transaction that a block carried was verified by the cluster; this is for bytes from anywhere else. Thread-safe. Each signature takes some tens of
/// microseconds and one small allocation for its key.
/// </remarks>
/// <example>
/// <code>
/// if (WireTransaction.TryParse(wire, out var transaction) &amp;&amp; TransactionSignatures.FirstInvalid(in transaction) is >= 0 and var index)
///     Print($"signature {index} is not the one of key {transaction.StaticKeys[index]}");
/// </code>
/// </example>
public static class TransactionSignatures
{
    /// <summary>What <see cref="FirstInvalid"/> returns when every signature holds.</summary>
    public const int AllValid = -1;

    /// <summary>Verifies every signature of a transaction over its message.</summary>
    /// <param name="transaction">The transaction: legacy, version 0 or version 1.</param>
    /// <returns>The index of the first signature, and of its key, that does not hold, or <see cref="AllValid"/>.</returns>
    public static int FirstInvalid(in WireTransaction transaction)
    {
        var signatures = transaction.Signatures;
        var keys = transaction.StaticKeys;
        for (var i = 0; i < signatures.Length; i++)
        {
            if (!Verify(in signatures[i], in keys[i], transaction.Message))
            {
                return i;
            }
        }

        return AllValid;
    }

    /// <summary>Verifies one signature.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="key">Who is said to have made it.</param>
    /// <param name="message">What is said to be signed.</param>
    /// <returns>Whether it holds; false too when the key is no point of the curve, as derived addresses are not.</returns>
    public static bool Verify(in Signature signature, in Pubkey key, ReadOnlySpan<byte> message) =>
        PublicKey.TryImport(SignatureAlgorithm.Ed25519, Pubkey.AsSpan(in key), KeyBlobFormat.RawPublicKey, out var publicKey)
        && SignatureAlgorithm.Ed25519.Verify(publicKey!, message, Signature.AsSpan(in signature));
}
