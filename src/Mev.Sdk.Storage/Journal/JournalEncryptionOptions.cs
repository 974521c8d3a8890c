using System.Buffers;
using System.Security.Cryptography;

namespace Mev.Sdk.Storage.Journal;

/// <summary>Keys of the journal at rest, when they come from the configuration and not from an <see cref="IKeyProvider"/> of one's own.</summary>
public sealed class JournalEncryptionOptions
{
    /// <summary>Whether everything must be encrypted: without a current key, or with a plain segment in the folder, the journal does not open. Default false.</summary>
    public bool Required { get; set; }

    /// <summary>Id (32 hexadecimal digits) of the key that new segments are encrypted with; empty = they are not encrypted, of which a journal with keys warns when it opens. Default empty.</summary>
    public string CurrentKeyId { get; set; } = "";

    /// <summary>
    /// The keys by id (32 hexadecimal digits, not all 0): 32 bytes each, in base64 or as 64 hexadecimal digits. Old ones stay as long as their segments do. Default none.
    /// </summary>
    public IDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Lists what is wrong with the options; keys themselves are never part of a message.</summary>
    /// <param name="section">Configuration key of the options, for the messages.</param>
    /// <returns>One message a problem, with key and remedy; empty when there is none.</returns>
    public IEnumerable<string> Validate(string section)
    {
        foreach (var (id, text) in Keys)
        {
            if (ParseId(id) is null)
            {
                // Not shown whole: where id and key were exchanged, it is the key.
                yield return $"{section}:{nameof(Keys)} has the id '{id[..Math.Min(4, id.Length)]}...' of {id.Length} characters: an id is 32 hexadecimal digits, not all 0, and its key the value.";
            }
            else if (ParseKey(text) is not { } key)
            {
                yield return $"{section}:{nameof(Keys)}:{id} is no key: give {IKeyProvider.KeySize} random bytes in base64, or 64 hexadecimal digits.";
            }
            else
            {
                CryptographicOperations.ZeroMemory(key);
            }
        }

        if (!string.IsNullOrEmpty(CurrentKeyId) && (ParseId(CurrentKeyId) is not { } current || Keys.Keys.All(id => ParseId(id) != current)))
            yield return $"{section}:{nameof(CurrentKeyId)} is {(ParseId(CurrentKeyId) is { } id ? $"'{id:N}', which is none of the keys" : $"no id of 32 hexadecimal digits, but {CurrentKeyId.Length} characters")}: set one of the ids in {section}:{nameof(Keys)}, or leave it empty.";
    }

    internal static Guid? ParseId(string? text) => Guid.TryParseExact(text, "N", out var id) && id != Guid.Empty ? id : null;

    internal static byte[]? ParseKey(string? text)
    {
        var key = new byte[IKeyProvider.KeySize];
        int written;
        return text?.Length == 2 * IKeyProvider.KeySize && Convert.FromHexString(text, key, out _, out written) == OperationStatus.Done && written == key.Length
            || (!string.IsNullOrEmpty(text) && Convert.TryFromBase64String(text, key, out written) && written == key.Length)
            ? key
            : null;
    }
}
