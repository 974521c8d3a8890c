using System.Security.Cryptography;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Keys as the configuration states them.</summary>
/// <remarks>
/// Thread-safe. The keys are read once; the configuration's own strings stay in memory, which a provider over a key service avoids. Disposing it clears its copies.
/// </remarks>
public sealed class ConfiguredKeyProvider : IKeyProvider, IDisposable
{
    private readonly Dictionary<Guid, byte[]> _keys = [];

    /// <summary>Reads the keys.</summary>
    /// <param name="options">Read once.</param>
    /// <exception cref="ArgumentException">An id or a key is malformed; the message names its configuration key, never the key itself.</exception>
    public ConfiguredKeyProvider(JournalEncryptionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = string.Join(' ', options.Validate("Mev:Storage:Journal:Encryption"));
        if (problems.Length > 0)
        {
            throw new ArgumentException(problems, nameof(options));
        }

        foreach (var (id, text) in options.Keys)
        {
            _keys[JournalEncryptionOptions.ParseId(id)!.Value] = JournalEncryptionOptions.ParseKey(text)!;
        }

        CurrentKeyId = JournalEncryptionOptions.ParseId(options.CurrentKeyId) ?? Guid.Empty;
    }

    /// <inheritdoc/>
    public Guid CurrentKeyId { get; }

    /// <inheritdoc/>
    public bool TryGetKey(Guid keyId, Span<byte> destination)
    {
        lock (_keys)
        {
            if (!_keys.TryGetValue(keyId, out var key))
            {
                return false;
            }

            key.CopyTo(destination);
            return true;
        }
    }

    /// <summary>Clears the keys; none is found afterwards.</summary>
    public void Dispose()
    {
        lock (_keys)
        {
            foreach (var key in _keys.Values)
            {
                CryptographicOperations.ZeroMemory(key);
            }

            _keys.Clear();
        }
    }
}
