namespace Mev.Sdk;

/// <summary>Gives the keys that data at rest is encrypted with.</summary>
/// <remarks>Thread-safe. Keys are asked for when a file is opened or begun, not for each record; a provider over a remote service keeps them at hand.</remarks>
public interface IKeyProvider
{
    /// <summary>Bytes of a key.</summary>
    const int KeySize = 32;

    /// <summary>The key that new files are encrypted with; <see cref="Guid.Empty"/> = none, they are not encrypted. Asked anew for each file.</summary>
    Guid CurrentKeyId { get; }

    /// <summary>Copies a key.</summary>
    /// <param name="keyId">Its id.</param>
    /// <param name="destination">Gets <see cref="KeySize"/> bytes; the caller clears them after use.</param>
    /// <returns>False when there is no such key; nothing was copied then.</returns>
    bool TryGetKey(Guid keyId, Span<byte> destination);
}
