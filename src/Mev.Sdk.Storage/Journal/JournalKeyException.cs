namespace Mev.Sdk.Storage.Journal;

/// <summary>A segment is encrypted with a key that is not there.</summary>
public sealed class JournalKeyException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The segment.</param>
    /// <param name="keyId">The key's id.</param>
    /// <param name="problem">What is wrong with the key, as the end of "the key …".</param>
    public JournalKeyException(string path, Guid keyId, string problem)
        : base($"The journal segment '{path}' needs the key {keyId:N}, which {problem}: set Mev:Storage:Journal:Encryption:Keys:{keyId:N} to its 32 bytes "
            + "(base64 or hexadecimal), or register an IKeyProvider that has it. Nothing was changed.")
    {
        Path = path;
        KeyId = keyId;
    }

    /// <summary>The segment.</summary>
    public string Path { get; }

    /// <summary>The key's id.</summary>
    public Guid KeyId { get; }
}
