using System.Security.Cryptography;
using Mev.Sdk.Wire;

namespace Mev.Sdk.Ingest.Session;

/// <summary>The proofs of a shared key; docs/wire-format.md, "Proof of a shared key". Pure, except for the nonce it draws.</summary>
internal static class SessionProof
{
    /// <summary>A fresh nonce.</summary>
    public static Bytes32 DrawNonce()
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        RandomNumberGenerator.Fill(bytes);
        return Bytes32.From(bytes);
    }

    /// <summary>What the host proves with.</summary>
    /// <param name="key">The shared key.</param>
    /// <param name="hello">The whole hello frame as sent.</param>
    /// <param name="challenge">The whole challenge frame as sent.</param>
    /// <param name="nonce">The nonce that the host drew.</param>
    /// <param name="hostAccepts">
    /// Whether the engine connected to the host: with labels of its own, what a host proves to who connects to it is of no use to the same at an engine
    /// that listens.
    /// </param>
    public static Bytes32 OfHost(SessionKey key, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> challenge, in Bytes32 nonce, bool hostAccepts = false) =>
        Compute(key, hostAccepts ? "mev-engine-stream 1 accepting host\0"u8 : "mev-engine-stream 1 host\0"u8, hello, challenge, in nonce);

    /// <summary>What the engine answers with.</summary>
    /// <param name="key">The shared key.</param>
    /// <param name="hello">The whole hello frame as sent.</param>
    /// <param name="challenge">The whole challenge frame as sent.</param>
    /// <param name="nonce">The nonce that the host drew.</param>
    /// <param name="hostAccepts">
    /// Whether the engine connected to the host: with labels of its own, what a host proves to who connects to it is of no use to the same at an engine
    /// that listens.
    /// </param>
    public static Bytes32 OfEngine(SessionKey key, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> challenge, in Bytes32 nonce, bool hostAccepts = false) =>
        Compute(key, hostAccepts ? "mev-engine-stream 1 accepting engine\0"u8 : "mev-engine-stream 1 engine\0"u8, hello, challenge, in nonce);

    /// <summary>Compares two codes in a time that does not depend on where they differ.</summary>
    public static bool Matches(in Bytes32 expected, in Bytes32 given) =>
        CryptographicOperations.FixedTimeEquals(Bytes32.AsSpan(in expected), Bytes32.AsSpan(in given));

    private static Bytes32 Compute(SessionKey key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> challenge, in Bytes32 nonce)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Bytes);
        hmac.AppendData(label);
        hmac.AppendData(hello);
        hmac.AppendData(challenge);
        hmac.AppendData(Bytes32.AsSpan(in nonce));
        Span<byte> mac = stackalloc byte[Bytes32.Size];
        hmac.GetHashAndReset(mac);
        return Bytes32.From(mac);
    }
}
